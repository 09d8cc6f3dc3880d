"""Proves that processes may die: a steady load, random faults, and a count of everything at the
end. Not shipped; `make chaos` runs it."""
