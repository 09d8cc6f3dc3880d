"""Contracts of types, the registry that finds them, their schema, and the built-in types."""
