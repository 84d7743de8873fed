"""A question becomes evidence: candidates from every layer, links, fusion."""
