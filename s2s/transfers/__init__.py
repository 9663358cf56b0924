"""A file travels: sent, delivered, collected or rejected."""
