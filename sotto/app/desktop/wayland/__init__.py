"""A Wayland client: the protocols by which a program helps other programs.

Qt has none of them, and `wl-copy` and `wtype` neither tell when a text was read nor restore more
than one format.
"""
