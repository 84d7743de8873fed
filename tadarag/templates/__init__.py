"""Domain templates: what the texts of a domain speak of, composed from YAML and checked on load."""
