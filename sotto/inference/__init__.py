"""Speech recognition: checkpoints, features, graphs, decoding, streaming."""
