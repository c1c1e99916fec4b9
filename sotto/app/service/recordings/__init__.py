"""Recordings that are transcribed in the background, and kept."""
