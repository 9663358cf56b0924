"""The organisations and the people: local authorities, schools and their users."""
