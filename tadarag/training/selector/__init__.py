"""Trains the trees that order the candidates of a question."""
