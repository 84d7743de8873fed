"""A document's memory for the eye: its outline as lines, and as a page."""
