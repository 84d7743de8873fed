"""Questions of one hop and more, made from what the passages of a corpus state; no language model, and no question of any set, is read."""
