"""Fields in which a setting is seen and changed."""
