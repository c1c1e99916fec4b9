"""Make the model in the box from nothing: text, voices, sound, training, evaluation."""
