"""Turn-end models: has the speaker finished, or only paused?"""
