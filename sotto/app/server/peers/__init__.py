"""Other programs that the page can show beside Sotto, on the same file and with the same weights.

Each runs in a Python of its own, where its user has installed it: the modules `with_…` are programs
for that Python and import nothing of Sotto.
"""
