"""Arrays of numpy as MAX takes them, and back."""

import numpy as np
from max.driver import Buffer
from numpy.typing import ArrayLike

from sotto.inference.interfaces import Array


def buffer(value: ArrayLike, dtype: type[np.generic]) -> Buffer:
    """Share an array with MAX, copied only if its layout or type differ."""
    return Buffer.from_numpy(np.asarray(value, dtype, order="C"))


def array(result: Buffer) -> Array:
    """Share a result of MAX."""
    shared: Array = result.to_numpy()
    return shared
