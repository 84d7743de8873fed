"""Policy B: a causal language model that writes the question graph before it answers."""
