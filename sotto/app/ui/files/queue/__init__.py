"""The list of recordings, and how each looks in it."""
