"""Subscriptions of a test's Redis: waiting until one is there, ending those of earlier tests."""

import redis

from tests.support.waiting import wait_for


def wait_for_listener(url: str, channel: str) -> None:
    with redis.Redis.from_url(url) as client:
        wait_for(lambda: client.pubsub_numsub(channel)[0][1], f"a listener on {channel}")


def end_listeners(url: str) -> None:
    """A listener that was closed notices it at its next message, or when its connection ends."""
    with redis.Redis.from_url(url) as client:
        client.client_kill_filter(_type="pubsub")
        wait_for(lambda: not client.pubsub_channels(), "the end of old listeners")
