"""Mojo kernels and the checked Python side of each."""

import os

# MAX reads these when it is imported, which nothing of Sotto does before this package. What is
# said to Sotto concerns nobody else, and that it is used neither.
os.environ["MODULAR_TELEMETRY_ENABLED"] = "false"
os.environ["MODULAR_CRASH_REPORTING_ENABLED"] = "false"
