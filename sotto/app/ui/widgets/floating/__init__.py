"""Windows that float above those of other programs."""
