import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.sheet_numbers import BUILT_IN, general, number_text, string_text

LONG_DATE = 'yyyy"年"m"月"d"日"'


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (13877246160.0, "General", "13877246160"), (0.1 + 0.2, "General", "0.3"), (12.50, "G/通用格式", "12.5"),
        (0.0716, "0.00%", "7.16%"), (0.5, "0%", "50%"), (0.999, "0%", "100%"),
        (9995550232, "0000-0000000", "0999-5550232"), (755, "0000", "0755"),
        (13900000011, "000 0000 0000", "139 0000 0011"),
        (1234567.891, "#,##0.00", "1,234,567.89"), (0, "#,##0", "0"), (0.5, "#.##", ".5"), (1200, "0.0,", "1.2"),
        (-5, "#,##0;-#,##0", "-5"), (-5, "0;(0)", "(5)"), (0, '0;-0;"—"', "—"), (-0.2, "0", "0"), (7, ";;;", ""),
        (3, '"第"0"批"', "第3批"), (12.5, '0.0"万元"', "12.5万元"), (5, "_ * #,##0_ ;_ * -#,##0_ ;_ @_ ", "5"),
        (88, "[$￥-804]0.0", "￥88.0"), (15, '[>=10]0"人以上";0"人"', "15人以上"), (5, '[>=10]0"人以上";0"人"', "5人"),
        (2.5, "# ?/?", "2.5"), (1e7, "0.00E+00", "10000000"), (1.005, "0.00", "1.01"),
    ],
)  # fmt: skip
def test_numbers(value, code, shown):
    assert number_text(value, code) == shown


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (45550, LONG_DATE, "2024年9月15日"), (45550, BUILT_IN[14], "2024/9/15"), (45550, BUILT_IN[57], "2024年9月"),
        (45550, BUILT_IN[58], "9月15日"), (45550.604, "yyyy-mm-dd hh:mm", "2024-09-15 14:29"), (0.375, "h:mm", "9:00"),
        (45550, f"[DBNum1][$-804]{LONG_DATE};@", "二〇二四年九月十五日"), (45550, "aaaa", "星期日"),
        (1.5, "[h]:mm", "36:00"),
        (45550, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2024年9月15日"), (0.75, '上午/下午h"时"', "下午6时"),
        (59, "yyyy/m/d", "1900/2/28"), (61, "yyyy/m/d", "1900/3/1"), (45550, "yy.m.d", "24.9.15"),
        (-1, LONG_DATE, "-1"),
        (5e9, LONG_DATE, "5000000000"), (45550, "m/d/yy h:mm:ss", "9/15/24 0:00:00"),
    ],
)  # fmt: skip
def test_dates(value, code, shown):
    assert number_text(value, code) == shown


def test_days_since_1904():
    assert number_text(44088, LONG_DATE, from_1904=True) == "2024年9月15日"


def test_words_around_a_text():
    assert string_text("3", '"附件"@') == "附件3"
    assert string_text("甲局", '0;-0;0;@"（盖章）"') == "甲局（盖章）"
    assert string_text("甲局", "0.00") == "甲局"


@given(st.integers(-(10**14), 10**14))
def test_integers_stay_whole(value):
    assert general(float(value)) == str(value)


@given(st.floats(allow_nan=True), st.text(max_size=40))
def test_any_format_prints_something_or_nothing(value, code):
    assert isinstance(number_text(value, code), str)


@given(st.floats(-1e12, 1e12), st.text(alphabet='0#?,.%;ymdhs[]"E+@/_* a年', max_size=30))
def test_any_mixture_of_signs_is_survived(value, code):
    assert isinstance(number_text(value, code), str)
