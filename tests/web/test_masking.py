"""Mobile numbers are starred, everything else and every length stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.masking import mask, mask_all

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
