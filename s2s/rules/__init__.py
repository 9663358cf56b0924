"""What the guidance says, as tables in plain Python: no Django, no input or output."""
