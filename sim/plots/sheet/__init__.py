"""What a picture is laid out on and made of: the sheet, text that fits, palette, shared words and shapes."""
