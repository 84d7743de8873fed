"""A document or a question becomes a route: domain, task type, answer type, confidence, reasons."""
