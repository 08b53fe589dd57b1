"""Voice detection and endpointing."""
