"""How the tiny Whisper of the tests is made; see ``tests/make_tiny_whisper.py``."""
