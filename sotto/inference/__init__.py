"""Speech recognition: checkpoints, features, graphs, decoding, streaming."""

# Both set MAX up before any module here imports it.
import sotto.inference.idle_threads
import sotto.kernels  # noqa: F401
