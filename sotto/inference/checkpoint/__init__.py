"""Reading models from disk."""
