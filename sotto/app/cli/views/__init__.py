"""What commands show: a session's events as plain lines and as JSON, figures in a table."""
