"""Executions and task runs: the state machine, its executor, workers, logs."""
