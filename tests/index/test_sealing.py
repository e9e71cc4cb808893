"""Numbers of persons are found whole: no part of one, typed alone, tells that it is there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import flat, fold, segmenter
from index.highlight import mark
from index.query import parse
from index.sealing import sealed, unsealed
from web.masking import mask

PRINTED = ("13900000001", "139 0000 0001", "139-0000-0001", "１３９０００００００１", "139000\n00001", "+8613900000001",
           "8613900000001", "电话13900000001、")  # fmt: skip


@pytest.mark.parametrize("printed", PRINTED)
def test_a_part_is_not_found(printed: str) -> None:
    text = fold(printed)
    for size in range(1, 11):
        for start in range(12 - size):
            assert fold("13900000001"[start : start + size]) not in text.replace(fold("86"), "")


@pytest.mark.parametrize("printed", [one for one in PRINTED if "-" not in one])
@pytest.mark.parametrize("typed", ["13900000001", "１３９０００００００１"])
def test_the_whole_is_found(printed: str, typed: str) -> None:
    assert fold(typed) in fold(printed)


@pytest.mark.parametrize("typed", ["heli@qq.com", "HELI@QQ.com", "@qq.com", "qq.com", "ｈｅｌｉ＠ｑｑ．com"])
def test_an_address_is_found_by_its_whole_name_or_its_host(typed: str) -> None:
    assert fold(typed) in fold("邮箱：heli@qq.com。")


@pytest.mark.parametrize("typed", ["heli", "hel", "eli", "h", "heli@qq", "eli@qq.com", "i@qq.com"])
def test_a_part_of_its_name_is_not(typed: str) -> None:
    assert fold(typed) not in fold("邮箱：heli@qq.com。")


@pytest.mark.parametrize(
    "text", ["0999-5550123", "5550123", "2024年", "〔2024〕12号", "20000元", "kepu", "1390000000", "a#", "139000000012"]
)
def test_other_text_stays_as_it_was(text: str) -> None:
    assert all(unsealed(char) == char for char in fold(text))


@pytest.mark.parametrize("typed", ["kpb", "kpb@", "kp", "yunzhou"])
def test_addresses_of_offices_are_found_by_their_parts(typed: str) -> None:
    assert fold(typed) in fold("邮箱：kpb@yunzhou.example。")


@given(st.text(alphabet="0123456789１３９ -\n电+", max_size=60))
def test_what_pages_star_is_sealed(text: str) -> None:
    """Each starred digit is of a number that was sealed as a whole, at the same place."""
    told = sealed(flat(text))
    assert len(told) == len(text)
    assert all(told[at] != flat(text)[at] for at, char in enumerate(mask(text)) if char == "*")


@given(st.text(alphabet="ab9._-\n 联＠@", max_size=12))
def test_names_at_private_hosts_that_pages_star_are_sealed(text: str) -> None:
    said = f"{text}@qq.com。"
    told = sealed(flat(said))
    assert all(told[at] != flat(said)[at] for at, char in enumerate(mask(said)) if char == "*")


def test_the_printed_number_is_marked() -> None:
    pieces = mark("电话139 0000 0001。", [fold("13900000001")])
    assert [text for text, match in pieces if match] == ["139 0000 0001"]


@pytest.mark.parametrize("typed", ["139 0000 0001", "电话 139-0000-0001", "１３９ ００００ ０００１"])
def test_a_number_typed_with_gaps_is_one_word(typed: str) -> None:
    assert fold("13900000001") in parse(typed).words()


def test_the_number_stays_asked_for_when_words_are_cut() -> None:
    """All words must stand: without the number every paper with 联系人 would be found."""
    assert fold("13900000001") in segmenter().plain(fold("联系人13900000001"))
    assert not any(char != unsealed(char) for word in segmenter().fine(fold("联系人13900000001")) for char in word)
