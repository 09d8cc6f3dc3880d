"""Documentation of the types that flows can name, out of the registry."""
