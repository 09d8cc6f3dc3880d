"""The REST API of flows and plugins."""
