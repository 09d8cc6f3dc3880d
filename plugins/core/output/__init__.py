"""Tasks that make outputs."""
