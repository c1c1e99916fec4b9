"""Whisper as MAX graphs."""
