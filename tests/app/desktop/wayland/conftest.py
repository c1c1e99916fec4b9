"""A compositor that this process, and what it starts, use."""

from collections.abc import Iterator

import pytest

from tests.helpers.sway import Sway, sway


@pytest.fixture(scope="module")
def compositor() -> Iterator[Sway]:
    with pytest.MonkeyPatch.context() as patch, sway() as compositor:
        for name, value in compositor.environment.items():
            patch.setenv(name, value)
        yield compositor
