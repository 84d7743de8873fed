"""A user's own domain: the shipped extractor learns a template from labelled pages."""
