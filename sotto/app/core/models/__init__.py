"""Models: which there are, where they lie, how they come here, and loading them."""
