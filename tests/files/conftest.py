"""What the tests of files share."""

from collections.abc import Iterator

import pytest

from tests.files.here import rendering_here


@pytest.fixture
def here() -> Iterator[None]:
    """Rendering within this process."""
    with rendering_here():
        yield
