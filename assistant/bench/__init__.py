"""Measuring the assistant as its user meets it."""
