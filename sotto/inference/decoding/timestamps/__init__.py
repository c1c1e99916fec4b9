"""When what was said: words by the attention, segments by the timestamps of the model."""
