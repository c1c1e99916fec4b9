"""The window that is dictated into."""
