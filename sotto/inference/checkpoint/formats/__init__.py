"""Models' files, a module for each layout."""
