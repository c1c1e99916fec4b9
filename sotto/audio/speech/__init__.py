"""Where in a stream somebody speaks."""
