"""The sample papers as an index holds them: read, extracted and indexed once a test run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from extract.pipeline import extract
from gongwen import yamlio
from gongwen.document import Document
from gongwen.record import Reading
from gongwen.rulebook import load_rulebook
from gongwen.settings import ROOT, Settings
from gongwen.store import Store
from index.engine import Entry
from index.engines import NAMES
from index.entries import entries
from index.sync import Index, open_index
from ingest.sandbox import read_many
from tests.engine_kit import need

SAMPLE = ROOT / "corpus" / "sample"
OFFICE = ROOT / "corpus" / "sample-rules"
QUERIES: dict[str, Any] = yamlio.load_file(Path(__file__).with_name("queries.yml"))


@dataclass(frozen=True)
class Sample:
    """`ids` by the short names of queries.yml; `entries` by id."""

    index: Index
    ids: dict[str, str]
    entries: dict[str, Entry]

    def named(self, ids: tuple[str, ...]) -> list[str]:
        names = {one: name for name, one in self.ids.items()}
        return [names[one] for one in ids]


def files() -> dict[str, Path]:
    """One file for each name in queries.yml, by its stem. The same paper in other formats is left out."""
    wanted = {name.partition("#")[0] for name in QUERIES["papers"].values()}
    found = {path.stem: path for path in sorted(SAMPLE.iterdir(), reverse=True) if path.suffix not in {".yaml", ".yml"}}
    assert wanted <= found.keys(), f"the sample has changed: {sorted(wanted - found.keys())}"
    return {stem: found[stem] for stem in sorted(wanted)}


@dataclass(frozen=True)
class Taken:
    """The sample as it stands in a corpus; `names` gives ids by the short names of queries.yml."""

    settings: Settings
    names: dict[str, str]
    entries: dict[str, Entry]


@pytest.fixture(scope="session")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    settings = Settings(corpus=tmp_path_factory.mktemp("sample"), rules=OFFICE, network_disk=True)
    store = Store(settings.corpus, network_disk=True)
    store.create()
    rules = load_rulebook(settings)
    ids: dict[str, str] = {}
    kept: dict[str, Entry] = {}
    for path, found in read_many(list(files().values()), workers=2):
        assert isinstance(found, Document), path
        store.put_text(found)
        reading = Reading(path.name, found.sha256, found.media_type, found.complete, [], extract(found, rules))
        store.put_reading(reading)
        for at, one in enumerate(entries(reading, found), 1):
            ids[f"{path.stem}#{at}" if len(reading.documents) > 1 else path.stem] = one.id
            kept[one.id] = one
    assert sorted(ids) == sorted(QUERIES["papers"].values())
    return Taken(settings, {short: ids[name] for short, name in QUERIES["papers"].items()}, kept)


@pytest.fixture(scope="session", params=NAMES)
def sample(request: pytest.FixtureRequest, taken: Taken) -> Iterator[Sample]:
    """An index of the same corpus for each engine: the setting has changed, so it is made anew."""
    need(request.param)
    index = open_index(replace(taken.settings, engine=request.param))
    yield Sample(index, taken.names, taken.entries)
    index.close()
