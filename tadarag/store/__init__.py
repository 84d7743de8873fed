"""The truth about the base, and the indexes derived from it."""
