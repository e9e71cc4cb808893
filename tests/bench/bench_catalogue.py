"""How fast the catalogue answers over a million roles: `python -m tests.bench catalogue [--roles N]`.

Invented: 50,000 papers of 18 years, 5,000 units of which one stands in a third of all rows (an office's own), 20 roles
a paper. Each question is asked with another value each time; cold is the first asking. CPU beside the clock, because
machines are shared."""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, text

from index.catalogue.database import Database, Part
from index.catalogue.ledger import Filter, find_roles, matrix
from index.catalogue.tables import META, ROLES, UNIT_ROLES, names, papers, roles
from index.catalogue.timetable import Asked, count_months, find_entries
from index.catalogue.units import find_units
from index.catalogue.writing import chunks

UNITS = 5_000
ROUNDS = 20
LIMIT_MS = 200


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--roles", type=int, default=1_000_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "catalog.db", Part("catalogue", META, "bench"))
        began = time.perf_counter()
        database.remake(lambda connection: _fill(connection, asked.roles))
        size = (Path(folder) / "catalog.db").stat().st_size / 1e6
        print(f"{asked.roles} roles made in {time.perf_counter() - began:.0f} s, {size:.0f} MB")
        _ask_all(database)
        database.close()


def _fill(connection: Connection, count: int) -> None:
    rng = random.Random(1)
    for some in chunks({"pk": at, "kind": 0, "name": f"机构{at:05}", "is_group": 0} for at in range(1, UNITS + 1)):
        connection.execute(insert(names), some)
    for some in chunks(_papers(count // 20), 2000):
        connection.execute(insert(papers), some)
    for some in chunks(_roles(rng, count), 5000):
        connection.execute(insert(roles), some)
    connection.execute(text(
        "INSERT INTO tallies (who, role, year, shown, count)"
        " SELECT who, role, year, shown, count(*) FROM roles GROUP BY who, role, year, shown"
    ))  # fmt: skip


def _papers(count: int) -> Iterator[dict[str, Any]]:
    blank = {column.name: "" for column in papers.c} | {"issuers": [], "hosts": []}
    for at in range(1, count + 1):
        year = 2008 + at % 18
        yield blank | {
            "pk": at, "id": f"{at:016x}-1", "sha256": f"{at:064x}", "part": 1, "parts": 1, "year": year,
            "title": f"关于做好第{at}项工作的通知", "date": f"{year}-05-{at % 28 + 1:02}", "task_count": 0, "doubts": 0,
            "identity": str(at), "is_main": 1,
        }  # fmt: skip


def _roles(rng: random.Random, count: int) -> Iterator[dict[str, Any]]:
    blank = {column.name: "" for column in roles.c if column.name != "pk"} | {"page": 3, "start": 0, "end": 6}
    for at in range(count):
        day = rng.randint(2008, 2025) * 10000 + rng.randint(1, 12) * 100 + rng.randint(1, 28)
        yield blank | {
            "paper": at // 20 + 1, "who": 1 + int(rng.paretovariate(0.6)) % UNITS,
            "role": rng.randrange(len(UNIT_ROLES)), "year": day // 10000, "first": day, "last": day,
            "shown": 0 if at % 50 == 0 else 1 + (at % 3 == 0), "printed": "市科学技术协会", "quote": "市科学技术协会",
            "matter": f"组织开展第{at}次科技志愿服务活动", "path": "tasks/3/lead/0", "of": "tasks/3",
        }  # fmt: skip


def _ask_all(database: Database) -> None:
    rng = random.Random(2)
    role = lambda: rng.choice(ROLES[:10])  # noqa: E731
    year = lambda: rng.randint(2008, 2025)  # noqa: E731
    kinds: dict[str, Callable[[Connection], Any]] = {
        "all": lambda c: find_roles(c, Filter()),
        "the commonest unit": lambda c: find_roles(c, Filter((2,))),
        "unit": lambda c: find_roles(c, Filter((rng.randint(3, UNITS),))),
        "unit, role": lambda c: find_roles(c, Filter((2,), (role(),))),
        "unit, role, year": lambda c: find_roles(c, Filter((2,), (role(),), (year(),))),
        "rare unit, role, year": lambda c: find_roles(c, Filter((rng.randint(900, UNITS),), (role(),), (year(),))),
        "five units, role": lambda c: find_roles(c, Filter((2, 3, 4, 5, 6), (role(),))),
        "role": lambda c: find_roles(c, Filter((), (role(),))),
        "three roles, three years": lambda c: find_roles(c, Filter((), ROLES[6:9], (2019, 2020, year()))),
        "year": lambda c: find_roles(c, Filter((), (), (year(),))),
        "role, year, as printed": lambda c: find_roles(c, Filter((), (role(),), (year(),), derived=False)),
        "month": lambda c: find_roles(c, Filter(start=f"{year()}-05-01", end=f"{year()}-05-31")),
        "unit, between days": lambda c: find_roles(c, Filter((2,), start="2016-03-01", end=f"{year()}-05-31")),
        "role, between days": lambda c: find_roles(c, Filter((), (role(),), start="2012-03-01", end="2020-05-31")),
        "page 400 of a unit": lambda c: find_roles(c, Filter((2,)), 399 * 50),
        "matrix of a unit": lambda c: matrix(c, (2,)),
        "list of units": lambda c: find_units(c),
        "units by a word": lambda c: find_units(c, f"机构{rng.randint(0, 9)}"),
        "calendar of a year": lambda c: (find_entries(c, Asked.year(2020)), count_months(c, 2020)),
    }
    worst = 0.0
    for name, work in kinds.items():
        timed = [_timed(database, work) for _ in range(ROUNDS)]
        cold, spent = timed[0][0], [clock for clock, _ in timed[1:]]
        p95 = sorted(spent)[int(0.95 * len(spent)) - 1]
        cpu = sorted(one for _, one in timed[1:])[int(0.95 * len(spent)) - 1]
        worst = max(worst, p95)
        told = f"cold {cold:7.1f}  p50 {statistics.median(spent):7.1f}  p95 {p95:7.1f}  p95 of CPU {cpu:7.1f} ms"
        print(f"{name:28} {told}")
    print(f"worst p95 {worst:.0f} ms, asked for {LIMIT_MS} ms")


def _timed(database: Database, work: Callable[[Connection], Any]) -> tuple[float, float]:
    """Milliseconds by the clock and of this thread."""
    with database.reading() as connection:
        began, used = time.perf_counter(), time.thread_time()
        work(connection)
        return (time.perf_counter() - began) * 1000, (time.thread_time() - used) * 1000


if __name__ == "__main__":
    main()
