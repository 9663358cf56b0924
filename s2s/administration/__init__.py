"""What administrators do: users, schools and local authorities are maintained, and the users confirmed once a year (3, 1.6)."""
