"""Numbers that are said in words, as figures."""
