"""Bytes become documents: one parser for each format family."""
