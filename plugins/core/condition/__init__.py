"""Conditions of triggers."""
