"""What skills are written with, and how they are loaded."""
