"""The store of the engine: contract, PostgreSQL, SQLite."""
