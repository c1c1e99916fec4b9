"""Reading sound files: a process of its own decodes them, for a file may be made to do harm."""
