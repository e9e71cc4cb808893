"""Readers never see half an update, however many threads search while one writes."""

from __future__ import annotations

import threading

from contract_kit import entry

from index.engine import Query, SearchEngine


def _version(number: int) -> list:
    return [
        entry(
            f"e{at:02}",
            f"公共标记 第{number:03}版 {'，补充' * (at % 5)}",
            title=f"第{number:03}版文件",
            facets={"version": (str(number),)},
        )
        for at in range(20)
    ]


def test_readers_see_whole_updates_only(engine: SearchEngine):
    engine.update(_version(0))
    wrong: list[object] = []
    done = threading.Event()
    searched = [0] * 4

    def read(slot: int) -> None:
        try:
            while not done.is_set() or searched[slot] < 5:
                page = engine.search(Query("公共标记", limit=50))
                searched[slot] += 1
                versions = dict(page.facets["version"])
                if page.total != 20 or len(set(page.ids)) != 20 or list(versions.values()) != [20]:
                    wrong.append((page.total, versions))
                shown = {"".join(text for text, _ in hit.title) for hit in page.hits}
                if len(shown) != 1:
                    wrong.append(shown)
        except BaseException as error:
            wrong.append(error)
            raise

    threads = [threading.Thread(target=read, args=(slot,)) for slot in range(4)]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, 13):
            engine.update(_version(number))
    finally:
        done.set()
        for thread in threads:
            thread.join(60)
    assert wrong == []
    assert min(searched) >= 5
    assert engine.search(Query("第012版")).total == 20
    assert engine.search(Query("第011版")).total == 0


def test_two_writers_in_one_process_both_arrive(engine: SearchEngine):
    failed: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for at in range(6):
                engine.update([entry(f"{name}{at}", f"{name}写的第{at}件")])
        except BaseException as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=write, args=(name,)) for name in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert engine.ids() == {f"{name}{at}" for name in ("甲", "乙") for at in range(6)}
    assert engine.search(Query("写的第")).total == 12
