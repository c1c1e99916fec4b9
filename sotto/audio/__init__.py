"""Sound: sources, ring buffer, resampling, endpointing."""
