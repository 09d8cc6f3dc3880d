"""Views: parse, call a service or query, serialise."""
