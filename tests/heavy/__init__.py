"""Tests of engines whose libraries are large; ``scripts/heavy`` sets up what they need and runs them."""
