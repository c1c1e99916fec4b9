"""Every test has folders of its own."""

import pytest


@pytest.fixture(autouse=True)
def in_own_folders(own_folders: None) -> None:
    """Nothing of the user's is touched."""
