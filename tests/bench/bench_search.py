"""How fast the engines are, beside SQLite FTS5 and the plain path, on the same documents and questions in one run:
`python -m tests.bench search [--documents N] [--keep FOLDER] [--rivals whoosh,tantivy,FTS5,plain path]`.

Each question is asked of all, one after the other, so that what else the machine does disturbs all alike; new words
each time. Prints for each kind of question p50 and p95 in milliseconds of the wall and of the processor, how many
times longer the others take, and the share of the right documents that each finds (by looking into every text); then
the time until one more document is found, and what eight readers get while a writer commits.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from index.analysis import fold
from index.engine import Entry
from tests.bench.search_documents import Question, entries, questions, right, vocabulary
from tests.bench.search_load import readers_beside_a_writer
from tests.bench.search_rivals import Ours, Rival, loaded, open_rival, size

RIVALS = ("whoosh", "tantivy", "FTS5", "plain path")
ROUNDS = 40
LOOKED_AT = 3  # questions of each kind whose answers are compared with the texts
MORE = 12
LONG = 2000  # milliseconds that no query may take


@dataclass
class Times:
    """Of one rival's answers to one kind of question, in milliseconds."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    hits: list[int] = field(default_factory=list)
    found: int = 0
    wrong: int = 0
    right: int = 0

    def of(self, share: float, *, cpu: bool = False) -> float:
        times = sorted(self.cpu if cpu else self.wall)
        return times[min(len(times) - 1, int(share * len(times)))]


def main(documents: int = 10_000, keep: Path | None = None, names: tuple[str, ...] = RIVALS) -> None:
    words = vocabulary()
    with tempfile.TemporaryDirectory(prefix="gongwen-bench-") as scratch:
        folder = keep or Path(scratch)
        folders = {name: folder / f"{documents}-{name.replace(' ', '-')}" for name in rivals_of(names)}
        rivals = [_filled(name, path, documents, words) for name, path in folders.items()]
        texts = [_folded(entry) for entry in entries(documents, words)]
        try:
            _questions(rivals, words, texts)
            _one_more(rivals, words)
            for rival in rivals:
                if isinstance(rival, Ours):
                    readers_beside_a_writer(rival, words)
        finally:
            for rival in rivals:
                rival.close()


def rivals_of(names: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [name for name in names if name not in RIVALS]
    if unknown:
        raise SystemExit(f"no rival {unknown[0]!r}; there are {', '.join(RIVALS)}")
    return names


def _folded(entry: Entry) -> str:
    return "\n".join(fold(one) for one in (entry.title, entry.number, entry.text))


def _filled(name: str, folder: Path, documents: int, words: list[str]) -> Rival:
    """With its documents in it, told how long that took, closed and opened again."""
    made = list(entries(documents, words)) if not folder.with_suffix(".loaded").exists() else []
    wall, cpu = time.perf_counter(), time.process_time()
    rival = loaded(name, folder, iter(made))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    rival.close()
    opened, spent = time.perf_counter(), time.process_time()
    rival = open_rival(name, folder)
    rival.ask(Question(words=("科普",)))
    opened, spent = time.perf_counter() - opened, time.process_time() - spent
    each = f"{1000 * cpu / documents:.1f} ms of processor each"
    built = f"{documents / wall:.0f} documents/s ({each})" if made else "kept"
    print(
        f"{name}: {documents} documents, {built}, {size(folder):.0f} MB, opened and asked once in {opened:.2f} s "
        f"({spent:.2f} s of processor)",
        flush=True,
    )
    return rival


def _questions(rivals: list[Rival], words: list[str], texts: list[str]) -> None:
    rnd = random.Random(11)
    tables: dict[str, dict[str, Times]] = {}
    for kind, make in questions(words, rnd, texts).items():
        found = tables[kind] = {rival.name: Times() for rival in rivals}
        for turn in range(ROUNDS):
            question = make()
            for rival in rivals[turn % len(rivals) :] + rivals[: turn % len(rivals)]:
                _ask(rival, question, found[rival.name])
            if turn < LOOKED_AT and question.needles:
                _look(rivals, question, found, texts)
    for title, is_cpu in (("milliseconds of the wall", False), ("milliseconds of the processor", True)):
        _print_table(title, tables, [rival.name for rival in rivals], cpu=is_cpu)
    _print_found(tables, [rival.name for rival in rivals])
    for rival in rivals:
        longest = max(time for found in tables.values() for time in found[rival.name].wall)
        print(f"longest query: {rival.name} {longest:.0f} ms{', over its time' if longest > LONG else ''}", flush=True)


def _ask(rival: Rival, question: Question, times: Times) -> None:
    start, cpu = time.perf_counter(), time.thread_time()
    answer = rival.ask(question)
    times.cpu.append(1000 * (time.thread_time() - cpu))
    times.wall.append(1000 * (time.perf_counter() - start))
    times.hits.append(answer[0] if answer else 0)


def _look(rivals: list[Rival], question: Question, found: dict[str, Times], texts: list[str]) -> None:
    wanted = {f"{at:016x}-1" for at in right(question.needles, texts)}
    for rival in rivals:
        ids, times = rival.ids(question), found[rival.name]
        if ids is not None:
            times.right += len(wanted)
            times.found += len(wanted & ids)
            times.wrong += len(ids - wanted)


def _print_table(title: str, tables: dict[str, dict[str, Times]], names: list[str], *, cpu: bool) -> None:
    print(f"\n{title:30}" + "".join(f"{name:>24}" for name in names))
    print(f"{'':30}" + f"{'p50':>8}{'p95':>8}{'times':>8}" * len(names))
    for kind, found in tables.items():
        base = found[names[0]].of(0.5, cpu=cpu)
        cells = "".join(
            f"{one.of(0.5, cpu=cpu):8.1f}{one.of(0.95, cpu=cpu):8.1f}{one.of(0.5, cpu=cpu) / base:8.2f}"
            for one in (found[name] for name in names)
        )
        print(f"{kind:30}{cells}", flush=True)


def _print_found(tables: dict[str, dict[str, Times]], names: list[str]) -> None:
    """Recall and precision where the texts say what is right, and the mean number of hits."""
    print(f"\n{'found / right, wrong':30}" + "".join(f"{name:>24}" for name in names))
    for kind, found in tables.items():
        cells = ""
        for one in (found[name] for name in names):
            share = f"{one.found / one.right:.3f}, {one.wrong}" if one.right else ""
            cells += f"{share:>15}{statistics.mean(one.hits):>9.0f}"
        print(f"{kind:30}{cells}", flush=True)


def _one_more(rivals: list[Rival], words: list[str]) -> None:
    """From handing it over until a search finds it."""
    spent: dict[str, list[float]] = {rival.name: [] for rival in rivals}
    for at, entry in enumerate(entries(MORE, words, seed=random.randrange(2**32))):
        mark = f"多加的第{at}件{random.randrange(10**9)}"
        fresh = Entry(
            f"{2**60 + random.randrange(2**59):016x}-1", entry.title, f"{mark}，{entry.text}", entry.number,
            entry.number_keys, entry.cited_keys, entry.date, entry.fields, entry.facets,
        )  # fmt: skip
        for rival in rivals:
            start = time.perf_counter()
            rival.add(fresh)
            answer = rival.ask(Question(phrase=mark))
            spent[rival.name].append(1000 * (time.perf_counter() - start))
            if isinstance(rival, Ours):
                assert answer is not None
                assert answer[1] == [fresh.id], rival.name
    print()
    for name, times in spent.items():
        print(f"one more, found: {name} p50 {statistics.median(times):.0f} ms, max {max(times):.0f} ms", flush=True)


def command(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench search")
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, help="a folder where the indexes stay for the next run")
    parser.add_argument("--rivals", default=",".join(RIVALS))
    asked = parser.parse_args(arguments)
    if asked.keep is not None:
        asked.keep.mkdir(parents=True, exist_ok=True)
    main(asked.documents, asked.keep, tuple(asked.rivals.split(",")))
