"""Reading models from disk."""

from sotto.inference.checkpoint.load import load_checkpoint

__all__ = ["load_checkpoint"]
