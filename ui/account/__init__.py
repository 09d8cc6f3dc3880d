"""Signing in and out, the first set-up, and what people choose for themselves."""
