"""Memory of use: what was answered, which passages it rested on, and what was said of it; a file of its own beside the base."""
