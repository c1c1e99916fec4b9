"""Transcribed recordings that are kept: their words with times, corrections, and the waveform."""
