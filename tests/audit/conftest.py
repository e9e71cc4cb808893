from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import five_years_kit as kit

from audit.desk import Desk, make_desk
from index.catalogue.catalogue import open_catalogue


@pytest.fixture(scope="session")
def five_years(tmp_path_factory) -> Path:
    """The folder of the corpus and its rules; nobody may change it."""
    root = tmp_path_factory.mktemp("five_years")
    kit.make_corpus(root)
    return root


@pytest.fixture(scope="session")
def desk(five_years) -> Desk:
    settings = kit.settings(five_years)
    catalogue = open_catalogue(settings)
    yield make_desk(settings, catalogue, date(2024, 3, 1))
    catalogue.close()
