"""Views of the REST API of executions."""
