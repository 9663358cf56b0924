"""Pages about schools and local authorities."""
