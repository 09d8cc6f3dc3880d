"""The page of all log lines of a tenant."""
