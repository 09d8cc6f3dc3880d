"""What a plugin author implements, readable in one place."""
