"""What is being said goes to disk as it comes: no crash, kill or power cut ends it."""
