import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gongwen import yamlfast, yamlio

HARD = [
    "", " ", "a b", "0772", "010", "no", "Yes", "~", "null", "12:30:45", "1e3", ".inf", "0x1f", "2024-01-01",
    "- a", "a: b", "a #b", "通知 #1", "通知: 甲", "通知：甲", "通知:", "甲 ", "甲  乙", "甲\n乙", "\u3000甲",
    "甲\u3000", "甲\x85乙", "\u2028", "\ufeff", "\x00", "\x7f", "\t", "\r\n", "'", '"', "\\", "&a", "*a", "!x",
    "%", "@", "|", ">", "{", "[", ",", "〔2024〕12号", "《方案》", "“科普”", "\ue7e3", "😀", "𠮷", "<<", "=", "---",
    "...", "tasks/3/lead/0", "甲---", "？", "? a",
]  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(HARD)
DATA = st.recursive(
    TEXT | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)


@given(DATA)
def test_what_is_dumped_is_loaded(data):
    assert yamlio.load_data(yamlfast.dump(data)) == data


@pytest.mark.parametrize("text", HARD)
def test_hard_texts_as_value_key_and_element(text):
    data = {"值": text, text or "键": [text, {text or "键": text}, [text, []]], "空": {}}
    written = yamlfast.dump(data)
    assert yamlio.load_data(written) == data
    assert yaml.load(written, Loader=yaml.SafeLoader) == data


def test_it_reads_well():
    record = {"document_number": "云科协字〔2024〕12号", "phone": "0999-5550123", "addressees": ["各县区科协"],
              "annexes": [], "tasks": [{"lead": ["云州市科学技术协会"], "time": None}], "score": 0.9}  # fmt: skip
    assert yamlfast.dump(record) == (
        'document_number: 云科协字〔2024〕12号\nphone: "0999-5550123"\naddressees:\n  - 各县区科协\nannexes: []\n'
        "tasks:\n  - lead:\n      - 云州市科学技术协会\n    time: null\nscore: 0.9\n"
    )


@pytest.mark.parametrize("data", [{"x" * 500: 1}, {"x": 1e300}, {"x": float("inf")}, {1: "x"}, "x", [], None])
def test_what_it_does_not_know_the_slow_one_writes(data):
    assert yamlfast.dump(data) == yamlio.dump(data)
