"""Who you are and what you may: users, tokens, roles, bindings."""
