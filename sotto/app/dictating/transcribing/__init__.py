"""Recordings become projects in a process of their own."""
