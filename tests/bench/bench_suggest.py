"""How fast suggestions and "did you mean" are: `python tests/bench/bench_suggest.py [PAPERS]`.

The names of invented papers (titles as in bench_search, units and people of a city) in a lexicon; no index beside it,
so the searches that verify a spelling are left out. Prints p50 and p95, time and processor, and what one more paper
costs.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from index.engine import Entry, Page, Query
from index.lexicon import NAME, Lexicon
from index.spelling import corrected
from index.suggesting import Register, suggest
from tests.bench.search_documents import UNITS, vocabulary

ROUNDS = 40
_SURNAMES = "周林何陈李王张刘赵吴徐孙马朱胡郭高罗郑梁谢宋唐许韩冯邓曹彭曾"
_GIVEN = "明远若溪立伟静敏强磊洋艳勇军杰娟涛超霞平刚桂英华玉兰梅鑫波宁"
_AGENCIES = ("云科协字", "云科协函", "云政办", "云政发", "云教函", "云全科组办发", "海科发", "云卫发")
_OFFICES = (
    "办公室", "科普部", "学会部", "组织部", "宣传科", "人事科", "信息中心", "服务中心", "学校", "医院", "社区", "公司",
)  # fmt: skip


def papers(count: int, seed: int = 3) -> Iterator[Entry]:
    rnd = random.Random(seed)
    words = [word for word in vocabulary()[:20_000] if len(word) >= 2]
    people = [rnd.choice(_SURNAMES) + "".join(rnd.choices(_GIVEN, k=rnd.choice((1, 2, 2)))) for _ in range(20_000)]
    units = [*UNITS, *(f"{unit}{rnd.choice(words)}{office}" for unit in UNITS for office in _OFFICES * 3)]
    for at in range(count):
        year = 2008 + at % 19
        agency = rnd.choice(_AGENCIES)
        named = tuple(dict.fromkeys(rnd.choices(units, k=rnd.randint(3, 16))))
        yield Entry(
            f"{at:016x}-1", f"关于{year}年{''.join(rnd.choices(words, k=rnd.randint(4, 8)))}的通知", "",
            f"{agency}〔{year}〕{at % 400 + 1}号", (f"{agency}|{year}|{at % 400 + 1}",), (), f"{year}-05-30",
            {"unit": named, "person": tuple(rnd.choices(people, k=rnd.randint(0, 8)))},
        )  # fmt: skip


def nothing(_: Query) -> Page:
    return Page(0, (), {})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("papers", nargs="?", type=int, default=50_000)
    count = parser.parse_args().papers
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        lexicon = Lexicon.create(folder)
        start, made = time.perf_counter(), papers(count)
        while batch := list(islice(made, 3000)):
            lexicon.update(batch)
        size = (folder / NAME).stat().st_size / 1e6
        print(f"{count} papers in {time.perf_counter() - start:.1f} s with making them up, {size:.0f} MB")
        one = next(papers(1, seed=9))
        print(f"one paper replaced: {1000 * min(_timed(lambda: lexicon.update([one]))[0] for _ in range(5)):.0f} ms")
        _report(lexicon)
        lexicon.close()


def _report(lexicon: Lexicon) -> None:
    rnd = random.Random(5)
    words = [word for word in vocabulary()[:20_000] if len(word) >= 2]
    kinds: dict[str, Callable[[], object]] = {
        "two characters": lambda: suggest(lexicon, Register(), rnd.choice(words)[:2]),
        "rare word": lambda: suggest(lexicon, Register(), "".join(rnd.sample(words, 2))),
        "initials": lambda: suggest(lexicon, Register(), "".join(rnd.choices("skxjyjwjwzmy", k=3))),
        "number": lambda: suggest(lexicon, Register(), f"云科协字{rnd.randint(2008, 2026)} {rnd.randint(1, 40)}"),
        "two words": lambda: suggest(lexicon, Register(), " ".join(rnd.sample(words, 2))),
        "mistyped word": lambda: corrected(Query(_wrong(rnd.choice(words), rnd)), lexicon, Register(), nothing),
        "mistyped unit": lambda: corrected(Query(_wrong(rnd.choice(UNITS), rnd)), lexicon, Register(), nothing),
    }
    print(f"{'asked':18}{'p50 ms':>9}{'p95 ms':>9}{'p50 cpu':>9}{'p95 cpu':>9}")
    for name, ask in kinds.items():
        ask()
        both = [_timed(ask) for _ in range(ROUNDS)]
        shown = []
        for times in zip(*both, strict=True):
            ordered = sorted(times)
            shown += [1000 * statistics.median(ordered), 1000 * ordered[int(0.95 * ROUNDS)]]
        print(f"{name:18}{''.join(f'{one:9.1f}' for one in shown)}")


def _wrong(word: str, rnd: random.Random) -> str:
    at = rnd.randrange(len(word))
    return word[:at] + rnd.choice("谱协枝曰粥") + word[at + 1 :]


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    start, cpu = time.perf_counter(), time.thread_time()
    work()
    return time.perf_counter() - start, time.thread_time() - cpu


if __name__ == "__main__":
    main()
