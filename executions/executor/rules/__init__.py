"""The rules of the executor, one a file; their order is in `executor.policy`."""
