"""Dates: reading them, zones, calendar arithmetic, and Java's patterns for printing and parsing."""
