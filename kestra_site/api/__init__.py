"""The REST API of what belongs to no app: the configuration that clients ask for."""
