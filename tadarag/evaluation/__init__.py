"""Measures, baselines, runs and their published results."""
