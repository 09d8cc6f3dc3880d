"""Flows: their source, what it means, revisions, triggers as declared, topology, exchange."""
