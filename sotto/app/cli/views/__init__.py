"""A session's events on a terminal, as plain lines and as JSON."""
