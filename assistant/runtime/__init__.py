"""Concurrency: clocks, workers and channels."""
