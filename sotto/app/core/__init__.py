"""The session and what it needs, without any face."""
