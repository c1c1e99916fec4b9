"""What a request brings: who asks, its fields, its file and the sound of it."""
