"""What the assistant remembers: facts that it was told, and conversations."""
