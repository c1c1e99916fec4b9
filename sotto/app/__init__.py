"""The programs: command line, window, and the session they share."""
