"""Sotto's operations for MAX graphs: importing one here registers it."""

from .log_mel import LogMel
