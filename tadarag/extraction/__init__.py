"""Text becomes mentions and relations with exact spans."""
