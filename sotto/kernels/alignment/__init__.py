"""From the decoder's cross attention to when each token was spoken, as an operation."""
