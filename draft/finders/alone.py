"""What is asked of a phrase that stands alone, without its paper and without an older year to hold it against; and what
belongs to certain years only."""

from __future__ import annotations

from draft.changes import Finding, Step

WHY = "单独的一句，没有更早一年的同类文件可对，看不出是不是年年相同，请核对"


def find_of_its_time(found: Finding, step: Step) -> None:
    """党史学习教育 in a draft for 2024: asked about, for the work may go on under the same name."""
    for one in step.facts.of_its_time:
        if one.first <= step.new <= one.last:
            continue
        for word in sorted(one.words, key=len, reverse=True):
            at = found.text.find(word)
            if at >= 0:
                years = f"{one.first}年" if one.first == one.last else f"{one.first}—{one.last}年"
                why = f"“{word}”是{years}的提法，请考虑删去或改写"
                found.add(at, at + len(word), word, "asked", "one_off", why, one.source)


def find_alone(found: Finding, step: Step) -> None:
    """drafting.md: what stands in one year only is suspect. In a paper the year before tells; a phrase alone has none,
    so nothing of it is carried without a question."""
    text = found.text.strip()
    if step.alone and text and not found.changes:
        start = found.text.find(text)
        found.add(start, start + len(text), text, "asked", "sentence", WHY)
