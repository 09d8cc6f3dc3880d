"""Live updates: contract, Redis, memory."""
