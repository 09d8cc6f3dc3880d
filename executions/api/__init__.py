"""The REST API of executions and of what they leave: logs, metrics, outputs, files."""
