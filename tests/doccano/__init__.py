"""The exchange with doccano, most of it against a real server."""
