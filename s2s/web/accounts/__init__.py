"""Signing in and out, and what somebody changes about the own way in (2)."""
