"""The server processes: what each does between its start and its end."""
