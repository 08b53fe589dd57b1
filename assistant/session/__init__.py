"""One conversation: listening, turns, speaking."""
