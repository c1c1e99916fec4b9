"""Mojo kernels and the checked Python side of each."""

import os

# Both are read when MAX is first imported, and Sotto talks to nobody.
os.environ["MODULAR_TELEMETRY_ENABLED"] = "false"
os.environ["MODULAR_CRASH_REPORTING_ENABLED"] = "false"
