"""Which items to learn from: those that the policy neither always nor never gets right."""
