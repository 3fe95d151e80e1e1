"""Worker processes and memory: how work is shared out, and where large arrays are kept."""
