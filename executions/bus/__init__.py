"""The event bus: contract, Redis streams, PostgreSQL rows, memory."""
