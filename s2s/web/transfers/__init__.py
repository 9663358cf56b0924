"""The pages on which files are sent and collected (5)."""
