"""The field for a chord of keys, and the keys that it shows."""
