"""Captions over everything: what is said, in a few lines above all other windows."""

from sotto.app.ui.overlay.captions import Captions

__all__ = ["Captions"]
