"""Evidence becomes an answer whose citations are checked."""
