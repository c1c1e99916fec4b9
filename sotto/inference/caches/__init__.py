"""What is made once for a machine or a checkpoint and then kept on disk: graphs, packed weights."""
