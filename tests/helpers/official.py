"""OpenAI's own weights, out of the packages that the development group installs."""

from functools import cache
from pathlib import Path
from typing import Literal

from sotto.app.core.models.packages import unpack

# Shared by all test processes; made once for a checkout.
FOLDER = Path(__file__).parents[2] / "build" / "models"

Official = Literal["tiny.en", "base"]


@cache
def official(name: Official) -> Path:
    """Return the folder of a model: CTranslate2's layout, float16, bit for bit the hub's."""
    return unpack(name, FOLDER)
