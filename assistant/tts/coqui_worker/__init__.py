"""The side of the Coqui engine that holds the model: in a process of its own, or in a thread.

It imports the standard library, NumPy, torch and Coqui TTS, and nothing else of the assistant, so that it runs in an
environment that has only those.
"""
