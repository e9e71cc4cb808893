"""Parts of printed lines: level, askew, down, on their heads."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongwen.boxes import Place, is_spread, quad, shares, spread
from gongwen.document import Box as At
from gongwen.document import Document, PageSize, Run
from gongwen.text import Span


def around(length: float, height: float, angle: float) -> Place:
    """The box around a line that is turned about its middle."""
    cos, sin = abs(math.cos(math.radians(angle))), abs(math.sin(math.radians(angle)))
    wide, high = length * cos + height * sin, length * sin + height * cos
    return Place(300 - wide / 2, 400 - high / 2, 300 + wide / 2, 400 + high / 2, angle)


@given(
    st.floats(20, 500), st.floats(5, 30), st.sampled_from([0.0, 90.0, 180.0, -90.0]), st.floats(-6, 6),
    st.floats(0, 0.5), st.floats(0.5, 1),
)  # fmt: skip
def test_a_part_of_an_askew_line_is_where_turning_puts_it(length, height, quarter, tilt, start, end):
    angle = quarter + tilt
    found = quad(1, around(length, height, angle), start, end)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    for (x, y), (share, side) in zip(found.points, ((start, -1), (end, -1), (end, 1), (start, 1)), strict=True):
        along, across = (share - 0.5) * length, side * height / 2
        assert (x, y) == pytest.approx((300 + along * cos - across * sin, 400 + along * sin + across * cos), abs=0.2)


def test_a_line_at_half_a_right_angle_counts_as_its_box():
    assert quad(1, Place(0, 0, 100, 100, 45.0), 0, 1).bounds == pytest.approx((-20.7, -20.7, 120.7, 120.7), abs=0.1)


def test_digits_are_half_as_wide_as_han_characters():
    assert spread("电话13")[1:] == [2.0, 4.0, 5.0, 6.0]
    assert shares("电话13", (), 2, 4) == (4 / 6, 1.0)
    assert is_spread("电话13", (10, 30, 50, 60, 70), 1.0)
    assert not is_spread("电话13", (10, 30, 50, 65, 70), 1.0)


def document(run: Run, angle: float, text: str) -> Document:
    return Document("ab" * 32, text, (), "x/1", "image/png", runs=(run,), pages=(PageSize(1, 600, 800, angle),))


def test_edges_of_a_page_on_its_head_run_backwards():
    run = Run(Span(0, 3), At(1, 100, 50, 160, 70), 0.9, (160.0, 140.0, 110.0, 100.0))
    made = document(run, 180.0, "通知书")
    assert [round(one) for one in made.quads(Span(1, 2))[0].bounds] == [110, 50, 140, 70]
    assert Document.from_json(made.to_json()) == made


def test_edges_of_a_lying_page_run_down():
    run = Run(Span(0, 3), At(1, 100, 50, 120, 110), 0.9, (50.0, 70.0, 90.0, 110.0))
    assert [round(one) for one in document(run, 90.0, "通知书").quads(Span(2, 3))[0].bounds] == [100, 90, 120, 110]


def test_a_line_up_the_side_of_a_level_page_has_no_parts():
    """Nobody says whether it runs up or down: a part of it is all of it."""
    run = Run(Span(0, 6), At(1, 10, 100, 26, 200))
    assert document(run, 0.0, "装订线内勿写").boxes(Span(0, 1)) == (At(1, 10, 100, 26, 200),)
    assert document(Run(Span(0, 3), At(1, 10, 100, 12, 110)), 0.0, "通知书").boxes(Span(0, 1))[0].x1 < 11
