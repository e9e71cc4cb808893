import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from gongwen.sampling.standard import write_standard


@pytest.fixture(scope="session")
def standard(tmp_path_factory):
    """The standard set, written once."""
    folder = tmp_path_factory.mktemp("standard")
    write_standard(folder)
    return folder
