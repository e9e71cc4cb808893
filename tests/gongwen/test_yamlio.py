"""One loader, one dumper: strings stay strings, bombs and tags are refused with their line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongwen import yamlio
from gongwen.errors import RuleError

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-10**6, 10**6) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=6), inner, max_size=4),
    max_leaves=12,
)


def _sayable(data):
    text = repr(data)
    return not any(0xD800 <= ord(char) < 0xE000 for char in text) and "\\ud" not in text


@given(PLAIN.filter(_sayable))
def test_what_is_dumped_is_loaded(data):
    assert yamlio.load_data(yamlio.dump(data)) == data


def test_every_scalar_is_a_string():
    found = yamlio.load("区号: 0772\n北京: 010\n公开: no\n时间: 12:30:45\n日: 2021-01-01\n空: ~\n")
    assert found == {"区号": "0772", "北京": "010", "公开": "no", "时间": "12:30:45", "日": "2021-01-01", "空": "~"}


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: 2\na: 3\n",
        "a: &x [1]\nb: *x\n",
        '!!python/object/apply:os.system ["id"]\n',
        "a: !!int 3\n",
        "a: [" * 25,
        "a: {b: 1, b: 2}\n",
        "a: '\n",
    ],
)
def test_refused_with_its_line(text):
    with pytest.raises(RuleError, match=r"rules/x\.yml 第 \d+ 行："):
        yamlio.load(text, "rules/x.yml")


def test_too_large():
    with pytest.raises(RuleError, match="超过"):
        yamlio.load("a" * (yamlio.MAX_BYTES + 1))
