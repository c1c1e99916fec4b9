"""The search for the text of one window: its rules, its ways, and when it is tried again."""
