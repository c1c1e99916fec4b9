"""One recording: its waveform and its words."""
