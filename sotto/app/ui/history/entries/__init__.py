"""The list of dictated texts, and how each looks in it."""
