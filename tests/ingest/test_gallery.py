"""Pictures kept, failures remembered, turns waited for, room kept: without a sandbox, by a drawer that obeys."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from gongwen.document import Document
from gongwen.errors import SourceError
from gongwen.record import Reading
from gongwen.store import Store
from ingest.pictures import gallery as module
from ingest.pictures.gallery import Gallery
from ingest.pictures.shelf import Shelf
from ingest.pictures.wish import LARGE, Busy, Wish

SHA = "ab" * 32
WISH = Wish("application/pdf", 1, (595.0, 842.0))
BARS = (((10.0, 10.0), (90.0, 10.0), (90.0, 20.0), (10.0, 20.0)),)


class Drawer:
    """Gives the page's number so many times; `fails` names pages that end with a code."""

    def __init__(self, **fails: str) -> None:
        self.asked: list[Wish] = []
        self.fails = {int(name[1:]): code for name, code in fails.items()}
        self.before = lambda: None

    def __call__(self, path: Path, wish: Wish) -> bytes:
        self.asked.append(wish)
        self.before()
        if wish.number in self.fails:
            raise SourceError(self.fails[wish.number])
        return f"{path.name} {wish.number} {wish.width} {len(wish.bars)}".encode()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "corpus", network_disk=True)
    made.create()
    add(made, SHA)
    return made


def add(store: Store, sha256: str) -> None:
    store.put_text(Document(sha256, "", (), "pdf/3", "application/pdf"))
    store.put_reading(Reading("a.pdf", sha256, "application/pdf", True, [], []))


def pictures(store: Store) -> list[str]:
    return sorted(path.name for path in (store.root / "pictures").rglob("*.webp"))


def test_a_page_is_drawn_once(store):
    drawer = Drawer()
    gallery = Gallery(store, draw=drawer)
    first = gallery.page(SHA, WISH)
    assert gallery.page(SHA, WISH) == first == Gallery(store, draw=drawer).page(SHA, WISH)
    assert len(drawer.asked) == 1
    assert first.data == f"{SHA} 1 860 0".encode()


def test_sizes_bars_and_turns_are_kept_apart(store):
    """The picture with bars and the one without must never be taken for each other."""
    gallery = Gallery(store, draw=Drawer())
    wishes = [WISH, replace(WISH, width=LARGE), replace(WISH, bars=BARS), replace(WISH, bars=BARS * 2),
              replace(WISH, turn=1), replace(WISH, number=2)]  # fmt: skip
    found = [gallery.page(SHA, wish) for wish in wishes]
    assert len({one.tag for one in found}) == len(wishes) == len(pictures(store))
    assert [gallery.page(SHA, wish) for wish in wishes] == found


def test_a_page_that_fails_is_not_tried_again(store):
    drawer = Drawer(p1="parse_error")
    for gallery in (Gallery(store, draw=drawer), Gallery(store, draw=drawer)):
        for wish in (WISH, replace(WISH, width=LARGE), replace(WISH, bars=BARS)):
            with pytest.raises(SourceError) as caught:
                gallery.page(SHA, wish)
            assert caught.value.code == "parse_error"
        assert gallery.failure(SHA, 1) == "parse_error"
        assert gallery.failure(SHA, 2) is None
    assert len(drawer.asked) == 1


def test_what_a_busy_machine_may_cause_is_tried_again_after_a_day(store):
    drawer = Drawer(p1="timeout")
    gallery = Gallery(store, draw=drawer)
    with pytest.raises(SourceError):
        gallery.page(SHA, WISH)
    (note,) = store.picture_folder(SHA).iterdir()
    assert gallery.failure(SHA, 1) == "timeout"
    os.utime(note, (time.time() - 90_000,) * 2)
    assert gallery.failure(SHA, 1) is None
    drawer.fails.clear()
    assert gallery.page(SHA, WISH).data


def test_a_file_of_which_three_pages_ran_away_is_left_alone(store):
    drawer = Drawer(p1="cpu", p2="memory", p3="crash")
    gallery = Gallery(store, draw=drawer)
    for number in (1, 2):
        with pytest.raises(SourceError):
            gallery.page(SHA, replace(WISH, number=number))
    assert gallery.failure(SHA, 9) is None
    with pytest.raises(SourceError):
        gallery.page(SHA, replace(WISH, number=3))
    assert gallery.failure(SHA, 9) in {"cpu", "memory", "crash"}
    with pytest.raises(SourceError):
        gallery.page(SHA, replace(WISH, number=9))
    assert len(drawer.asked) == 3


def test_a_font_that_may_be_installed_at_any_time_is_looked_for_each_time(store):
    drawer = Drawer(p1="no_font")
    gallery = Gallery(store, draw=drawer)
    for _ in range(2):
        with pytest.raises(SourceError):
            gallery.page(SHA, WISH)
    assert len(drawer.asked) == 2 and gallery.failure(SHA, 1) is None


def test_a_file_that_was_read_anew_is_tried_again(store):
    drawer = Drawer(p1="page_size")
    gallery = Gallery(store, draw=drawer)
    with pytest.raises(SourceError):
        gallery.page(SHA, WISH)
    assert gallery.failure(SHA, 1) == "page_size"
    (note,) = store.picture_folder(SHA).iterdir()
    os.utime(note, (time.time() - 60,) * 2)
    store.put_text(Document(SHA, "", (), "pdf/4", "application/pdf"))
    assert gallery.failure(SHA, 1) is None


def test_a_new_revision_tries_again(store, monkeypatch):
    drawer = Drawer(p1="parse_error")
    with pytest.raises(SourceError):
        Gallery(store, draw=drawer).page(SHA, WISH)
    monkeypatch.setattr(module, "REVISION", 99)
    assert Gallery(store, draw=drawer).failure(SHA, 1) is None


# --- turns ------------------------------------------------------------------------------------------------


def test_so_many_at_once_so_many_waiting_and_the_others_come_again(store):
    going, most, counted = threading.Event(), [0, 0], threading.Lock()

    def slow() -> None:
        with counted:
            most[0] += 1
            most[1] = max(most)
        assert going.wait(20)
        with counted:
            most[0] -= 1

    drawer = Drawer()
    drawer.before = slow
    gallery = Gallery(store, draw=drawer, waiting=2, patience=20)
    ends: list[str] = []

    def ask(number: int) -> None:
        try:
            ends.append(gallery.page(SHA, replace(WISH, number=number)).data.decode())
        except Busy:
            ends.append("busy")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(1, 8)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 20
    while len(ends) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    assert ends == ["busy"] * 3
    going.set()
    for thread in threads:
        thread.join(20)
    assert most[1] == module.AT_ONCE
    assert len(drawer.asked) == 4 == len(set(ends)) - 1
    assert gallery.page(SHA, replace(WISH, number=7)).data  # and all turns were given back


def test_who_waits_too_long_is_told_so(store):
    going = threading.Event()
    drawer = Drawer()
    drawer.before = lambda: going.wait(20)
    gallery = Gallery(store, draw=drawer, patience=0.05)
    threads = [threading.Thread(target=gallery.page, args=(SHA, replace(WISH, number=n))) for n in (1, 2)]
    for thread in threads:
        thread.start()
    while len(drawer.asked) < 2:
        time.sleep(0.01)
    with pytest.raises(Busy):
        gallery.page(SHA, replace(WISH, number=3))
    going.set()
    for thread in threads:
        thread.join(20)


def test_two_who_want_the_same_page_have_it_drawn_once(store, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 1)
    going = threading.Event()
    drawer = Drawer()
    drawer.before = lambda: going.wait(20)
    gallery = Gallery(store, draw=drawer, patience=20)
    threads = [threading.Thread(target=gallery.page, args=(SHA, WISH)) for _ in range(3)]
    for thread in threads:
        thread.start()
    going.set()
    for thread in threads:
        thread.join(20)
    assert len(drawer.asked) == 1


# --- what is withdrawn ------------------------------------------------------------------------------------


def test_a_file_that_is_forgotten_keeps_no_picture(store):
    gallery = Gallery(store, draw=Drawer())
    gallery.page(SHA, WISH)
    assert pictures(store)
    store.forget(SHA)
    assert not pictures(store)


def test_a_file_withdrawn_while_it_is_drawn_leaves_nothing(store):
    drawer = Drawer()
    drawer.before = lambda: store.forget(SHA)
    with pytest.raises(KeyError):
        Gallery(store, draw=drawer).page(SHA, WISH)
    assert not pictures(store)


def test_an_original_that_has_gone(store):
    with pytest.raises(KeyError):
        Gallery(store, draw=Drawer(p1="missing")).page(SHA, WISH)


# --- room -------------------------------------------------------------------------------------------------


def test_the_oldest_are_thrown_out(store):
    shelf = Shelf(store, room=10_000)
    for at in range(30):
        sha256 = f"{at:064x}"
        shelf.put(sha256, "1.webp", bytes(500))
        path = store.picture_folder(sha256) / "1.webp"
        if path.exists():
            os.utime(path, (1_700_000_000 + at,) * 2)
    shelf.sweep()
    left = sorted((store.root / "pictures").rglob("*.webp"))
    assert 8_000 - 500 <= sum(path.stat().st_size for path in left) <= 10_000
    assert shelf.get(f"{29:064x}", "1.webp") is not None
    assert shelf.get(f"{0:064x}", "1.webp") is None
    assert not store.picture_folder(f"{0:064x}").exists()


def test_what_is_looked_at_is_not_the_oldest(store):
    shelf = Shelf(store, room=1_000)
    for at in range(3):
        shelf.put(SHA, f"{at}.webp", bytes(300))
        os.utime(store.picture_folder(SHA) / f"{at}.webp", (1_700_000_000 + at,) * 2)
    assert shelf.get(SHA, "0.webp")
    shelf.put(SHA, "3.webp", bytes(300))
    shelf.sweep()
    assert shelf.get(SHA, "0.webp") and shelf.get(SHA, "3.webp") and not shelf.get(SHA, "1.webp")


def test_a_disk_that_takes_nothing_costs_time_and_no_answer(store, monkeypatch):
    def full(*args: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ingest.pictures.shelf.replace_file", full)
    drawer = Drawer(p2="parse_error")
    gallery = Gallery(store, draw=drawer)
    assert gallery.page(SHA, WISH).data == gallery.page(SHA, WISH).data
    for _ in range(3):
        with pytest.raises(SourceError):
            gallery.page(SHA, replace(WISH, number=2))
    assert [wish.number for wish in drawer.asked] == [1, 1, 2]


def work(root: str, seed: int) -> None:
    store = Store(Path(root), network_disk=True)
    gallery = Gallery(store, room=40_000, draw=lambda path, wish: bytes([wish.number]) * 1000)
    for at in range(300):
        number = (at * seed) % 60 + 1
        assert gallery.page(SHA, replace(WISH, number=number)).data == bytes([number]) * 1000


def test_two_processes_that_write_and_throw_out_at_once(store):
    fork = multiprocessing.get_context("fork")
    both = [fork.Process(target=work, args=(str(store.root), seed)) for seed in (7, 11)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert [one.exitcode for one in both] == [0, 0]
    assert not list(store.tmp.iterdir())
    Shelf(store, room=40_000).sweep()
    assert sum(path.stat().st_size for path in (store.root / "pictures").rglob("*.webp")) <= 40_000
