"""Live updates: in memory inside one process, else Redis pub/sub."""

from typing import Any

from kestra_site.config import current_configuration

CHANNEL_LAYERS: dict[str, dict[str, Any]]
if current_configuration().is_embedded:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
else:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [current_configuration().redis_url], "prefix": "kestra"},
        }
    }
