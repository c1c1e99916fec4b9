"""Inserting on Wayland."""
