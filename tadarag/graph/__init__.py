"""Entities inside a document, and the corpus graph as a view over present documents."""
