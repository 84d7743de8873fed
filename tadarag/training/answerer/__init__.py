"""Training of the answerer: a question, what led to a passage, and passages in; where the answer stands, and what they are worth, out."""
