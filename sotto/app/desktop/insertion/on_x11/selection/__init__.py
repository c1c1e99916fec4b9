"""The clipboard of an X server, as ICCCM has it: owned, read and handed back format by format."""
