"""Extraction of the sample may not sink below floors.yml: missed and surplus values by field, apart for what is read as
it is, what LibreOffice converts and what OCR reads (there a misread character is nobody's fault).

`GONGWEN_FLOORS=raise pytest tests/eval/test_floor.py` writes the floors anew, never lower than they were.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from gongwen import yamlio
from gongwen.sampling.standard import SCANS, entries
from ingest.convert import find_converter
from ingest.readers.ocr import is_installed
from tests.eval.score import cases, score_cases

ROOT = Path(__file__).resolve().parents[2]
FLOORS = Path(__file__).with_name("floors.yml")
GROUPS = ("text", "converted", "scans")
HEADER = "# Floors of corpus/sample, only ever raised: `GONGWEN_FLOORS=raise pytest tests/eval/test_floor.py`.\n"

Counts = dict[str, dict[str, int]]
"""By field: hits (at least), missed and surplus (at most)."""


def sunk(floors: Mapping[str, Mapping[str, int]], counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    """One line for each count that is worse than its floor; a field without a floor may miss nothing."""
    lines = []
    none = {"hits": 0, "missed": 0, "surplus": 0}
    for field in sorted({*floors, *counts}):
        floor, count = floors.get(field, none), counts.get(field, none)
        if count["hits"] < floor["hits"]:
            lines.append(f"{field}: {count['hits']} hits, floor {floor['hits']}")
        lines += [
            f"{field}: {count[kind]} {kind}, floor {floor[kind]}"
            for kind in ("missed", "surplus")
            if count[kind] > floor[kind]
        ]
    return lines


def raised(floors: Mapping[str, Mapping[str, int]], counts: Mapping[str, Mapping[str, int]]) -> Counts:
    """The better of each floor and count; new fields as they are counted."""
    out: Counts = {}
    for field in sorted({*floors, *counts}):
        held = [one[field] for one in (floors, counts) if field in one]
        out[field] = {
            "hits": max(one["hits"] for one in held),
            "missed": min(one["missed"] for one in held),
            "surplus": min(one["surplus"] for one in held),
        }
    return out


def groups() -> dict[str, str]:
    """By file name: how it is read."""
    return {
        one.name: "scans" if one.style in SCANS else "converted" if one.form in {"doc", "wps", "rtf", "odt"} else "text"
        for one in entries()
    }


@pytest.fixture(scope="module", params=GROUPS)
def measured(request) -> tuple[str, Counts, list[str], list[tuple[str, str, str, str]]]:
    group = request.param
    if group == "converted" and not find_converter():
        assert os.environ.get("CI") != "true", "CI must have LibreOffice"
        pytest.skip("apt install libreoffice-writer-nogui")
    if group == "scans" and not is_installed():
        pytest.skip("OCR is not installed")
    known = groups()
    golds = {path: gold for path, gold in cases(ROOT / "corpus" / "sample") if known[path.name] == group}
    score, unread = score_cases(golds)
    counts = {name: {"hits": one.hits, "missed": one.missed, "surplus": one.surplus}
              for name, one in score.counts.items()}  # fmt: skip
    whole = {"hits": score.whole_headers, "missed": score.documents - score.whole_headers, "surplus": 0}
    return group, counts | {"whole_header": whole}, unread, score.errors


def test_the_sample_does_not_sink(measured):
    group, counts, unread, errors = measured
    floors = yamlio.load_data(FLOORS.read_text(encoding="utf-8"))
    if os.environ.get("GONGWEN_FLOORS") == "raise":
        floors[group] = raised(floors.get(group, {}), counts)
        FLOORS.write_text(HEADER + yamlio.dump(floors), encoding="utf-8", newline="\n")
    assert unread == []
    worse = sunk(floors[group], counts)
    assert not worse, "\n".join([*worse, *("\t".join(error) for error in errors)])


def test_wrong_is_rarer_than_missing(measured):
    """design.md §8: precision >= recall in every field."""
    _, counts, _, _ = measured
    assert [name for name, one in counts.items() if one["surplus"] > one["missed"]] == []


def test_every_file_of_the_sample_is_counted_once():
    assert {path.name for path, _ in cases(ROOT / "corpus" / "sample")} == set(groups())


def test_floors_are_not_rewritten_in_ci():
    assert not (os.environ.get("CI") and os.environ.get("GONGWEN_FLOORS"))


FLOOR = {"title": {"hits": 10, "missed": 2, "surplus": 1}}


@pytest.mark.parametrize(
    ("count", "told"),
    [
        ({"hits": 10, "missed": 2, "surplus": 1}, []),
        ({"hits": 12, "missed": 0, "surplus": 0}, []),
        ({"hits": 9, "missed": 2, "surplus": 1}, ["title: 9 hits, floor 10"]),
        ({"hits": 10, "missed": 3, "surplus": 1}, ["title: 3 missed, floor 2"]),
        ({"hits": 10, "missed": 2, "surplus": 2}, ["title: 2 surplus, floor 1"]),
    ],
)
def test_what_sinks_is_told(count, told):
    assert sunk(FLOOR, {"title": count}) == told


def test_a_lost_field_and_a_new_field_are_told():
    assert sunk(FLOOR, {"theme": {"hits": 3, "missed": 1, "surplus": 0}}) == [
        "theme: 1 missed, floor 0", "title: 0 hits, floor 10",
    ]  # fmt: skip


def test_floors_only_rise():
    mixed = {"title": {"hits": 9, "missed": 1, "surplus": 5}, "theme": {"hits": 3, "missed": 1, "surplus": 0}}
    assert raised(FLOOR, mixed) == {
        "title": {"hits": 10, "missed": 1, "surplus": 1}, "theme": {"hits": 3, "missed": 1, "surplus": 0},
    }  # fmt: skip
