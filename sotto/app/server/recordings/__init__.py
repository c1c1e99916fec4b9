"""Recordings that are sent as a whole: the answers of the API about them."""
