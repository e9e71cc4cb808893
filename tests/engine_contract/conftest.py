from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from contract_kit import ENGINES, Maker, crowd, no_expansion, sample

from index.engine import SearchEngine
from index.memory_engine import MemoryEngine


@pytest.fixture(params=sorted(ENGINES), scope="session")
def make(request: pytest.FixtureRequest) -> Maker:
    return ENGINES[request.param]


@pytest.fixture
def engine(make: Maker, tmp_path: Path) -> Iterator[SearchEngine]:
    made = make(tmp_path / "index", no_expansion)
    yield made
    made.close()


@pytest.fixture(scope="session")
def filled(make: Maker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """Read-only for the tests: built in several commits, with replaced and deleted entries behind it."""
    made = make(tmp_path_factory.mktemp("filled") / "index", no_expansion)
    entries = sample()
    made.update(entries[20:])
    made.update([entries[0], entries[1]])
    made.update(entries[:20])
    for one in entries[3:6]:
        made.delete([one.id])
        made.update([one])
    yield made
    made.close()


@pytest.fixture(scope="session")
def crowded(make: Maker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """Read-only: phrases that stand in hundreds of entries and in few, in several commits."""
    made = make(tmp_path_factory.mktemp("crowded") / "index", no_expansion)
    entries = crowd()
    made.update([replace(one, text="先前的文字") for one in entries[100:150]])
    made.update(entries[:420])
    made.update(entries[420:440])
    made.update(entries[440:])
    made.delete([one.id for one in entries[::9]])
    yield made
    made.close()


@pytest.fixture(scope="session")
def crowded_oracle() -> MemoryEngine:
    made = MemoryEngine()
    made.update(one for at, one in enumerate(crowd()) if at % 9)
    return made


@pytest.fixture(scope="session")
def oracle() -> MemoryEngine:
    made = MemoryEngine()
    made.update(sample())
    return made
