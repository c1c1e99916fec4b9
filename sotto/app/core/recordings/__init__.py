"""Which recordings are meant, what their texts are called, and how far the work is."""
