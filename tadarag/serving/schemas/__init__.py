"""What goes over the wire, typed, so that the OpenAPI document is true."""
