"""The pages that only a demonstration has."""
