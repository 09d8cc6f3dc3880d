"""What can go wrong while measuring."""


class BenchmarkFailed(Exception):
    """A server did not start, did not answer, or did something else than what was measured."""
