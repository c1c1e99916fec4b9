"""What keeps texts and sound, and brings back what was cut off."""
