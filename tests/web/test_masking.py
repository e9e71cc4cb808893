"""Mobile numbers are starred, everything else and every length stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.masking import doubtful_spans, mask, mask_all, masked_spans

NUMBERISH = st.text(alphabet="0123456789１３９ -\n\t电：、", max_size=60)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("电话：13900000001。", "电话：139****0001。"),
     ("139 0000 0001", "139 **** 0001"),
     ("139-0000-0001", "139-****-0001"),
     ("１３９０００００００１", "１３９****０００１"),
     ("13900000001、13900000002", "139****0001、139****0002"),
     ("13900000001 13900000002", "139****0001 139****0002"),
     ("+8613900000001", "+86139****0001"),
     ("008613900000001", "0086139****0001"),
     ("139000\n00001", "139***\n*0001"),
     ("0999-5550123 13900000001", "0999-5550123 139****0001")],
)  # fmt: skip
def test_mobile_numbers_are_starred(text: str, shown: str) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize(
    "text",
    ["", "0999-5550123", "2024年12月", "11400000012345678X", "1390000000", "139000000012", "12900000001",
     "2024-12-31 10", "13900000001234567890", "139\t00000001", "第1390项0000001"],
)  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


@given(NUMBERISH)
def test_a_mask_keeps_length_and_leaves_no_number(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert mask(masked) == masked
    assert all(new == old or new == "*" for new, old in zip(masked, text, strict=True))


def test_addresses_inside_the_site_are_not_masked() -> None:
    found = {"id": "ab13900000001cde-1", "contacts": [{"phones": ["13900000001"], "age": 3}], "x": ("13900000001",)}
    assert mask_all(found) == {
        "id": "ab13900000001cde-1", "contacts": [{"phones": ["139****0001"], "age": 3}], "x": ["139****0001"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["电话：13900000001。", "139 0000 0001", "1390000\n0001", "+8613900000001、13900000002"]
)
def test_the_place_of_a_number_is_all_of_it(text: str) -> None:
    digits = ["".join(char for char in span.of(text) if char.isdigit()) for span in masked_spans(text)]
    assert digits and all(len(one) == 11 and one.startswith("139") for one in digits)


@pytest.mark.parametrize(
    "text",
    ["1390000O001", "l3900000001", "139000000012", "1390000001", "139 0OOO 0001", "I39-0000-00O1", "13900000 001"],
)  # fmt: skip
def test_what_is_nearly_a_number_on_a_scan(text: str) -> None:
    said = f"电话：{text}。"
    assert [span.of(said) for span in doubtful_spans(said, scanned=True)] == [text]
    assert doubtful_spans(said, scanned=False) == []


@pytest.mark.parametrize(
    "text", ["0999-5550123", "2024年12月31日", "云科协字〔2024〕12号", "1234", "11010519491231002X", "Ill IO"]
)
def test_other_signs_of_a_scan_stay(text: str) -> None:
    assert doubtful_spans(text, scanned=True) == []


def test_signs_that_nobody_could_read_may_be_a_number() -> None:
    said = "电话：" + "\ufffd" * 11 + "。"
    assert [span.of(said) for span in doubtful_spans(said, scanned=False)] == ["\ufffd" * 11]
    assert doubtful_spans("电话：" + "\ufffd" * 3, scanned=False) == []
