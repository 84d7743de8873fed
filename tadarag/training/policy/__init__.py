"""Policy A: which of a question graph's candidates are worth their tokens, learned from evidence and then from answers."""
