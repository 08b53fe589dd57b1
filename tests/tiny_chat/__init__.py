"""How the tiny chat model of the tests is made; see ``tests/make_tiny_chat.py``."""
