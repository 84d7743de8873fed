"""Watching a training run for the loss spikes of adaptive optimizers."""
