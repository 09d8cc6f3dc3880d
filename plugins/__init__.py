"""Contracts of task, trigger, condition and runner types, their registry, and the built-in types."""
