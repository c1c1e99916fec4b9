"""The log-mel spectrogram as an operation of a MAX graph."""
