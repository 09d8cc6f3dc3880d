"""Tasks that act on the execution itself."""
