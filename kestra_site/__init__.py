"""The composed product: configuration, settings, URLs, ASGI, Celery, the `kestra` command."""
