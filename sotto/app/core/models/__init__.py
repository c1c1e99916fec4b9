"""Models: which there are, where they lie, how they come here, and loading them."""

import os

# Both are read when huggingface_hub is imported.
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
