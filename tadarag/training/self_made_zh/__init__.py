"""Chinese sentences of a made-up world with typed entities and relations, to train the span extractor on."""
