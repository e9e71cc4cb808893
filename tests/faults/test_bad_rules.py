"""Row 26 of reliability.md: twenty patterns that may backtrack for hours. Each is refused when it is read, or stops by
itself; other threads go on meanwhile. That this test ends is the proof: without the time-out none of it would."""

from __future__ import annotations

import threading

import pytest
import regex

from gongwen.errors import RuleError
from gongwen.rulebook import Pattern, hostile

BAD = [
    r"(一+)+二", r"(科*)*二", r"(科|科)+二", r"(科+科+)+二", r"((科)+)+二", r"(\p{Han}+\s*)+。",
    r"(\p{Han}+[、，]*)+。", r"(?:[一-龥]+[、，]*)+。", r"(.*)*二", r"(.+)+二", r"(\d+)+[a-z]", r"(1|11|111)+[a-z]",
    r"(\s|\s\s)+二", r"(\s+)+二", r"(（+)+二", r"(（*)*二", r"(.*科){12}二", r"(.*、){14}。二", r"(《+《*)+》",
    r"(单位：|单位|：)+。",
]  # fmt: skip
BODIES = ("科" * 30_000, "11" * 3000, "（" * 9000, " " * 9000, "、科" * 4000, "《" * 6000)


def is_refused(text: str) -> bool:
    try:
        hostile(regex.compile(text), "规则")
    except RuleError as error:
        assert "超过" in str(error)
        return True
    return False


def stops(text: str, body: str) -> bool:
    """Whether the time-out ended it; False: it came to its end."""
    try:
        list(Pattern("x", regex.compile(text), 0.8, frozenset()).finditer(body))
    except TimeoutError:
        return True
    return False


@pytest.mark.long
@pytest.mark.parametrize("text", BAD)
def test_each_ends_and_what_would_not_is_refused_when_it_is_read(text: str):
    stopped = sum(stops(text, body) for body in BODIES)
    refused = is_refused(text)
    assert refused or stopped < len(BODIES)


def test_most_of_the_twenty_are_refused_and_the_count_is_told():
    assert len(set(BAD)) == 20
    refused = sum(map(is_refused, BAD))
    assert refused >= 10
    print(f"bad rules: {len(BAD)}, refused when read {refused}, the others end by themselves")


def test_another_thread_goes_on_meanwhile():
    ticks, done = 0, threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.wait(0.001):
            ticks += 1

    other = threading.Thread(target=tick)
    other.start()
    try:
        assert stops(r"(.*、){14}。二", "、科" * 4000)
    finally:
        done.set()
        other.join()
    assert ticks > 3
