"""Views of the API of flows."""
