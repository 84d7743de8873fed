"""Adapters to frameworks and graph databases that people already have; each host is imported by its own module only."""
