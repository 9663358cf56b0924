"""The pages of administrators: users, schools, local authorities, the yearly audit (3)."""
