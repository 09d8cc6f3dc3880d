"""The scheduler: whatever happens because of the clock and not because of a request."""
