"""Tasks that steer other tasks."""
