"""Row 14 of reliability.md: ten kinds of things in a watched folder. The watch never hangs, reads nothing outside of
the folder, and takes the papers."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from gongwen.store import Store
from ingest.watch import Watch
from tests.ingest_kit import QUICK, age, make_ingest, sha256_of

SECRET = "外面的文件，不得收入"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "corpus")
    made.create()
    return made


def fill(inbox: Path, outside: Path) -> list[socket.socket]:
    """The ten; what must be held open comes back."""
    (outside / "密.txt").write_text(SECRET, encoding="utf-8")
    os.mkfifo(inbox / "1管道.pdf")
    (inbox / "2链接.txt").symlink_to(outside / "密.txt")
    (inbox / "3断链.txt").symlink_to(outside / "没有.txt")
    (inbox / "4文件夹的链接").symlink_to(outside)
    (inbox / "5自己的链接").symlink_to(inbox)
    (inbox / "6目录.pdf").mkdir()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(inbox / "7.sock"))
    if os.getuid() == 0:
        os.mknod(inbox / "8设备.txt", 0o20644, os.makedev(1, 5))  # /dev/zero: a plain read never ends
    else:
        (inbox / "8设备.txt").symlink_to("/dev/zero")
    (inbox / "9空.txt").touch()
    (inbox / "10在拷贝.txt").write_text("关于第一", encoding="utf-8")
    (inbox / "好.txt").write_text("关于举办科普日的通知", encoding="utf-8")
    for path in inbox.iterdir():
        if path.is_file() and not path.is_symlink():
            age(path)
    return [listening]


def test_ten_kinds_of_things(store: Store, tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    held = fill(store.inbox, outside)
    told: dict[str, str | None] = {}
    with make_ingest(store, options=replace(QUICK, via="inbox", remove=True)) as ingest:
        watch = Watch(store.inbox, ingest)
        for look in range(6):
            if look < 3:  # it is still being copied
                with (store.inbox / "10在拷贝.txt").open("a", encoding="utf-8") as file:
                    file.write("次活动的通知")
            report = watch.look()
            for one in report.outcomes if report else ():
                assert one.name not in told  # told once
                told[one.name] = one.reason
    for one in held:
        one.close()
    names = ("1管道.pdf", "2链接.txt", "3断链.txt", "4文件夹的链接", "5自己的链接", "6目录.pdf", "7.sock", "8设备.txt")
    assert {name: told.get(name) for name in names} == dict.fromkeys(names, "not_regular")
    assert (told["9空.txt"], told["好.txt"], told["10在拷贝.txt"]) == ("empty", None, None)
    assert len(told) == len(names) + 3
    whole = "关于第一" + "次活动的通知" * 3
    assert sorted(store.objects()) == sorted([sha256_of("关于举办科普日的通知"), sha256_of(whole)])
    assert (outside / "密.txt").read_text(encoding="utf-8") == SECRET
    assert sorted(path.name for path in store.inbox.iterdir()) == sorted([*names, "9空.txt"])
