"""The studio: a person's documents, questions, memories and graph in the browser, over the public names of `tadarag` only."""
