"""Inserting on X11."""
