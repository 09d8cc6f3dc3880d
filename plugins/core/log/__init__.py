"""Tasks that write to the log."""
