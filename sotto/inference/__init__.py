"""Speech recognition: checkpoints, features, graphs, decoding, streaming."""

import sotto.kernels  # noqa: F401 (silences MAX before any module here imports it)
