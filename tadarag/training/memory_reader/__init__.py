"""A model that writes document memories: tuned on the records of mom, then reinforced by the repaired scores of what it writes."""
