"""Voices, and text made speakable."""
