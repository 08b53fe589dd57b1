"""Fitting and measuring the turn-end models on real speech (../shared/data)."""
