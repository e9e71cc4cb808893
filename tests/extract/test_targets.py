"""Targets with bound and unit; results, limits and conditions are none."""

import pytest
from edge_kit import notice
from extract_kit import read_record


def targets(body):
    return [(row["value"], row["op"], row["unit"]) for row in read_record(notice(body))["targets"]]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("一、农民培训。全年培训农民不少于1.3万人次。", [(13000, "≥", "人次")]),
        (
            "一、主题活动。组织开展主题科普活动200项以上，参与人数60万人次以上。",
            [(200, "≥", "项"), (600000, "≥", "人次")],
        ),
        ("一、目标。公民具备科学素质的比例超过7.16%。", [(7.16, ">", "%")]),
        ("一、专家科普。年内开展2-3次科普进基层活动。", [([2, 3], "range", "次")]),
        ("一、作品要求。作品字数不少于800字。", []),
        ("一、申报条件\n（一）研发费用占比不低于3%。", []),
    ],
)
def test_targets(body, found):
    assert targets(body) == found
