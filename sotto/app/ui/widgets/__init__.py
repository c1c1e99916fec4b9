"""Parts that several windows are made of, and their look."""
