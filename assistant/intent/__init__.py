"""From words to an intent with slots."""
