"""Pages of executions."""
