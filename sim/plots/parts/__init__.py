"""What the pictures share: palette, sheet, text, time axis, event marks, fans. Not pictures themselves."""
