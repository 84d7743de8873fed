"""Reports of a run: Markdown, and a page that needs nothing beside itself."""
