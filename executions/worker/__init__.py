"""The worker: claims, runs, reports."""
