"""市科协 in a paper of 云州市 is found as 云州市科学技术协会, and the other way round; each unit is counted once."""

from __future__ import annotations

from pathlib import Path

import pytest
from index_kit import document, reading, record, sha

from gongwen.record import Record, record_id
from gongwen.rulebook import load_rulebook
from gongwen.settings import ROOT, Settings
from gongwen.store import open_store
from index.engine import Query
from index.entries import entries
from index.sync import Index, open_index
from index.unit_names import UnitNames, long_forms

SAMPLES = ("2021-云政发18号*.txt", "2024-云全科组办发3号*.txt", "2023-云科协字10号*.pdf", "2020-云科协字38号*.txt")
CITY = {"市科协", "云州市科协", "云州市科学技术协会"}
LEADERS = ("市科协", "云州市科协", "市科学技术协会", "云州市科学技术协会")


def _task(*lead: str) -> dict[str, object]:
    return {"group": None, "title": "科普日", "detail": None, "lead": list(lead), "responsible": [], "cooperate": [],
            "time": None, "targets": [], "location": None}  # fmt: skip


def _record(lead: str, *, units: dict[str, str], issuer: str = "云州市人民政府") -> Record:
    return record(sha(lead), issuers=[issuer], units=units, tasks=[_task(lead)])


@pytest.mark.parametrize(
    ("printed", "told", "names", "one"),
    [
        ("市科协", {}, CITY, "云州市科学技术协会"),
        ("市科协", {"市科协": "云州市科学技术协会"}, CITY, "云州市科学技术协会"),
        ("云州市科协", {}, {"云州市科协"}, "云州市科学技术协会"),
        ("团市委", {"团市委": "共青团云州市委员会"}, {"团市委", "共青团云州市委员会"}, "共青团云州市委员会"),
        ("临江县科协", {}, {"临江县科协"}, "临江县科学技术协会"),
        ("县科协", {}, {"县科协"}, "县科学技术协会"),
        ("教育部", {}, {"教育部"}, "教育部"),
        ("市直各有关单位", {}, {"市直各有关单位"}, "市直各有关单位"),
    ],
)  # fmt: skip
def test_names_of_a_unit(printed: str, told: dict[str, str], names: set[str], one: str):
    found = UnitNames(_record(printed, units=told), long_forms())
    assert set(found.all(printed)) == names
    assert found.one(printed) == one


def test_without_a_known_place_nothing_is_put_in_front():
    found = UnitNames(_record("市科协", units={}, issuer="联席会议办公室"), long_forms())
    assert found.all("市科协") == ("市科协",)


def test_facets_hold_one_name_however_it_is_printed():
    one = _record("市科协", units={})
    one.values["tasks"] = [_task("市科协"), _task("云州市科学技术协会", "云州市科协")]
    (entry,) = entries(reading(sha("市科协"), one), None)
    assert entry.facets["lead"] == ("云州市科学技术协会",)
    assert entry.facets["unit"] == ("云州市人民政府", "云州市科学技术协会")


def test_an_office_adds_its_own_pairs(tmp_path: Path):
    (tmp_path / "vocab").mkdir()
    (tmp_path / "vocab" / "unit_words.yml").write_text("pairs:\n  - [老促会, 老区建设促进会]\n", encoding="utf-8")
    assert long_forms(tmp_path)["老促会"] == "老区建设促进会"
    assert long_forms(tmp_path)["科协"] == "科学技术协会"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory):
    """Four papers of the sample, extracted and indexed as the command line does."""
    from gongwen.cli.extract import read_reading
    from ingest.sandbox import read_many

    settings = Settings(corpus=tmp_path_factory.mktemp("sample"))
    store = open_store(settings)
    store.create()
    paths = [path for shape in SAMPLES for path in (ROOT / "corpus" / "sample").glob(shape)]
    rulebook = load_rulebook(settings)
    for path, read in read_many(paths, workers=1):
        store.put_text(read)
        store.put_reading(read_reading(str(path), read, rulebook))
    index = open_index(settings)
    yield index
    index.close()


@pytest.mark.parametrize("role", ["牵头", "责任", "主办", "单位"])
def test_all_names_of_a_unit_find_the_same_papers(sample: Index, role: str):
    found = {name: set(sample.search(Query(f"{role}:{name}")).ids) for name in LEADERS}
    assert found["云州市科学技术协会"]
    assert found["云州市科协"] == found["云州市科学技术协会"]
    assert found["市科协"] == found["市科学技术协会"] >= found["云州市科学技术协会"]


def test_facets_of_the_sample_hold_each_unit_once(sample: Index):
    facets = sample.search(Query()).facets
    for name in ("unit", "lead"):
        values = [value for value, _ in facets[name]]
        assert "云州市科学技术协会" in values
        assert not {"市科协", "云州市科协", "市科学技术协会"} & set(values)


def test_records_without_units_told_are_found_too(tmp_path: Path):
    store = open_store(Settings(corpus=tmp_path))
    store.create()
    printed = ("市科协", "云州市科学技术协会")
    for name in printed:
        store.put_reading(reading(sha(name), _record(name, units={})))
        store.put_text(document(sha(name)))
    index = open_index(Settings(corpus=tmp_path))
    for asked in LEADERS:
        assert set(index.search(Query(f"牵头:{asked}")).ids) == {record_id(sha(name), 1) for name in printed}
    index.close()
