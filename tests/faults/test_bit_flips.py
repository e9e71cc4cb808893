"""Row 20 of reliability.md: a bit flipped anywhere in an index, two hundred times an engine. Never a wrong answer: the
index answers as before, or is made anew from the records."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from gongwen.settings import Settings
from index.engine import Query
from index.engines import NAMES
from index.sync import open_index
from tests.engine_kit import need
from tests.index.index_kit import corpus

FLIPS = 200
ASKED = ("全国科普日", "周明远", "云科协字2024 3", "5550123", "牵头:市科协")


def answers(settings: Settings) -> dict[str, set[str]]:
    index = open_index(settings)
    try:
        return {text: set(index.search(Query(text, limit=100)).ids) for text in ASKED}
    finally:
        index.close()


def flip(path: Path, chance: random.Random) -> None:
    body = bytearray(path.read_bytes())
    body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(body))


@pytest.mark.long
@pytest.mark.parametrize("engine", NAMES)
def test_two_hundred_flipped_bits_change_no_answer(tmp_path: Path, engine: str) -> None:
    need(engine)
    settings, _ = corpus(tmp_path / "corpus", engine=engine)
    right = answers(settings)
    assert any(right.values())
    chance, current = random.Random(20), settings.corpus / "index" / "CURRENT"
    hit: dict[str, int] = {}
    rebuilt = 0
    for _ in range(FLIPS):
        names = sorted(one for one in settings.corpus.glob("index/gen-*/*") if one.is_file() and one.stat().st_size)
        path = chance.choice([*names, current])
        before = path.read_bytes()
        flip(path, chance)
        named = current.read_bytes()
        assert answers(settings) == right, path.name
        hit[path.suffix or path.name] = hit.get(path.suffix or path.name, 0) + 1
        if current.read_bytes() != named:
            rebuilt += 1  # what was broken is gone, and this generation is whole
        else:
            path.write_bytes(before)
    assert sum(hit.values()) == FLIPS
    assert answers(settings) == right
    print(f"\nbit flips, {engine}: {FLIPS} over {len(hit)} kinds of files, rebuilt {rebuilt}, wrong answers 0")
