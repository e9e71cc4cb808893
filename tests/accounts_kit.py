"""Accounts for tests: a clock that can be turned, hashes that cost little, made-up people."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from gongwen.accounts import passwords

PASSWORD = "渡口的灯笼照着三只白鹭鸟"
OTHER = "石桥下面有一条很慢的乌篷船"


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash of the real settings takes a second on a busy machine; test_accounts checks what those are."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobody.cache_clear()
