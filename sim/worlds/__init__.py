"""Starting worlds as files: found, described, taken in part, invented, added to, compared and checked."""
