"""The text of a recording, line by line: how it is shown, pointed at and corrected."""
