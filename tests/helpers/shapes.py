"""The official shapes that models are tested in."""

import pytest

from tools.fixtures import model_golden as golden

*_SMALLER, _LARGEST = golden.SHAPES
# The largest takes as long as all the others, and has nothing that they have not but its size.
SHAPES = [*_SMALLER, pytest.param(_LARGEST, marks=pytest.mark.slow)]
