"""Learning from rewards: advantages, losses, and policies that draw graphs."""
