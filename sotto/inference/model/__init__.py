"""Whisper on MAX: the graphs with their weights, and the values that go in and out of them."""
