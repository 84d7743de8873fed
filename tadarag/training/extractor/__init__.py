"""Training of the extractor: upper layers and heads on the frozen trunk, conditioned on the names of types and relations."""
