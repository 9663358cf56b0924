"""The pages about people, schools and local authorities (3)."""
