"""Papers of the sample corpus, read as the product reads them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from draft.build import Paper
from gongwen.cli.compose import make_pipeline
from gongwen.settings import ROOT, Settings

SAMPLE = ROOT / "corpus" / "sample"


@cache
def read(name: str) -> Paper:
    path = next(one for one in sorted(SAMPLE.glob(f"{name}*")) if not one.name.endswith(".gold.yaml"))
    found = make_pipeline(Settings(rules=ROOT / "corpus" / "sample-rules")).extract(path, name=path.name)
    return Paper(found.records[0], found.document)


@pytest.fixture(scope="session")
def paper() -> Callable[[str], Paper]:
    """The first document of the sample file whose name begins so."""
    return read
