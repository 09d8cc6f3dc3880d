"""All that reads executions, logs, metrics, outputs and files."""
