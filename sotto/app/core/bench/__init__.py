"""How fast a model is on this machine: pure measurements, shown elsewhere."""
