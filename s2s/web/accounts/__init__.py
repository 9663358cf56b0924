"""Signing in and out, and how people change the way they sign in (2)."""
