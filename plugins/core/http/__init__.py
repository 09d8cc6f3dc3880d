"""Tasks that speak HTTP."""
