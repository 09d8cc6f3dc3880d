"""Tasks for the key-value store."""
