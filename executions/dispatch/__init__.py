"""Dispatchers: contract, Celery, threads."""
