"""Models out of the hub: what of a repository is fetched, and how it is kept whole."""
