"""Recipes that make the models."""
