"""The executor: a pure core that decides (`engine`, `rules`, `frames`) and a service that does."""
