"""The server's room: REST, an OpenAI-compatible interface and MCP over one open base, behind doors that refuse what is too much."""
