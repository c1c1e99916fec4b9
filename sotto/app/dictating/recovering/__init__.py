"""What is being said is on disk, and comes back after a crash."""
