"""What an emitted graph is worth: one module a reward term, their weighted sum, and the gates before them."""
