"""Official formulas: congresses and plenums, plans and their years, replaced names, anniversaries, numbers of yearly
events (drafting.md: what changes; domain.md §10)."""

from __future__ import annotations

import regex

from draft.changes import Finding, Step
from draft.facts import Plenum
from draft.renamed import renamed
from gongwen.values.numerals import read_count

_CN = "[一二三四五六七八九十]"
PLENARY = regex.compile(
    rf"(?P<party>党的)?(?P<congress>十[一二三四五六七八九]|二十{_CN}?|十)届"
    rf"(?P<list>(?:历次全会|{_CN}中(?:、{_CN}中)*)(?:全会)?)"
)
CONGRESS = regex.compile(rf"(?P<head>党的|喜迎党?的?|迎接党的)(?P<congress>十[一二三四五六七八九]|二十{_CN}?)大")
_ASSEMBLY = regex.compile(
    rf"(?:第?{_CN}{{1,3}}届)?(?:全国人大|全国政协|人民代表大会)[^，。；]{{0,8}}?第?{_CN}次会议|(?:全国|省|市|县|区|自治区)?两会(?=精神|期间)"
    r"|(?:中央|全国|全省|全区|全市|全县|省委|市委|县委|自治区党委)(?!\p{Han}{0,4}代表大会)\p{Han}{2,12}?(?:工作会议|大会)(?!堂|期间各)"
)
_TERM = regex.compile(
    rf"(?:市委|县委|区委|省委|自治区党委|党委|\p{{Han}}{{0,6}})?第?(?P<congress>{_CN}{{1,3}})届{_CN}{{1,3}}次(?:全体)?(?:全会|会议)"
    rf"|第{_CN}{{1,3}}次(?:党代会|党代表大会|代表大会|会员代表大会)"
)
"""Meetings of one term of a local committee: 市委十一届十三次全会."""
_PLAN = regex.compile(
    r"(?P<open>[“\"]?)(?<![一二三四五六七八九十])(?P<name>十[一二三四五六]五)(?P<close>[”\"]?)(?![一二三四五六七八九十]|年|届|次|个)"
)
ANNIVERSARY = regex.compile(r"(?P<number>\d{1,3}|[一二三四五六七八九十百]{1,5})\s*周年")
_ORDINAL = regex.compile(
    r"第(?P<number>\s?\d{1,3}\s?|[一二三四五六七八九十百廿]{1,5})"
    r"(?P<word>届|期|个(?=全国|世界|国际|全民|“|[省市区县]|(?!星期|工作日|周末|交易日)\p{Han}{0,12}(?:日|宣传周|活动周|月|节)))"
)
_TURN = regex.compile(
    r"第(?P<number>\s?\d{1,3}\s?|[一二三四五六七八九十百廿]{1,5})(?P<word>次|批|轮|季(?!度)|场|集|辑)(?!元|次)"
)
_HELD = regex.compile(
    r"(?:连续|成功|累计|先后|已)(?:成功|连续)?(?:举办|开展|举行|评选)了?\s?(?P<number>\d{1,3}|[一二三四五六七八九十百]{1,5})\s?(?P<word>届|年)"
)
_TERM_BODY = regex.compile(r"\s?(?:全国)?(?:人大|人民代表大会|政协|委员会|常委会|理事会|代表大会|党代会|全委会)")
"""Bodies that are elected for some years: their 届 does not go on by one a year."""
_HAN = "零一二三四五六七八九"


def find_meetings(found: Finding, step: Step) -> None:
    """十九届二中、三中全会 → every plenum that has closed by the signing day; 党的十九大 → the last congress."""
    plenums = step.facts.plenums_at(step.signing)
    congress = step.facts.congress_at(step.signing)
    for match in PLENARY.finditer(found.text):
        if congress is None or not plenums:
            found.add(*match.span(), match.group(), "asked", "meeting", "会议提法请按最新文件核对")
            continue
        tail = "全会" if match["list"].endswith("全会") else ""
        is_old_name = congress.congress == match["congress"]
        listed = _latest(match, plenums) if is_old_name else None
        new = f"{match['party'] or ''}{congress.congress}届"
        new += listed or _listed(plenums, step.facts.all_sessions_after.get(congress.congress, ""))
        new += "全会" if tail and not new.endswith("全会") else ""
        found.add(
            *match.span(), new, "looked_up", "meeting", f"截至{step.signing.isoformat()}已闭幕的全会",
            plenums[-1].source, check=True,
        )  # fmt: skip
    for match in CONGRESS.finditer(found.text):
        if congress is None or not match["head"].startswith("党的"):
            found.add(*match.span(), match.group(), "asked", "meeting", "会议提法只合当年")
            continue
        new = f"{match['head']}{congress.congress}大"
        found.add(*match.span(), new, "looked_up", "meeting", "最近一次党代会", congress.source, check=True)
    for form in (_ASSEMBLY, _TERM):
        for match in form.finditer(found.text):
            found.add(*match.span(), match.group(), "asked", "meeting", "会议每年不同，请按今年的实际情况写")


def _latest(match: regex.Match[str], plenums: list[Plenum]) -> str | None:
    """One plenum by itself (二十届三中全会) gives way to the latest by itself; None where a list is printed, or the
    first of the list, which stands for all there were."""
    names = [one.name for one in plenums]
    printed = match["list"].removesuffix("全会")
    if printed not in names or printed == names[0]:
        return None
    return names[-1]


def _listed(plenums: list[Plenum], all_after: str) -> str:
    if any(one.name == all_after for one in plenums):
        return "历次全会"
    return "、".join(one.name for one in plenums)


def find_plans(found: Finding, step: Step) -> None:
    """“十四五” of another period, and phrases that belong to one year of a plan."""
    old, new = step.facts.plan_of(step.old), step.facts.plan_of(step.new)
    for phrase, number in step.facts.phrases.items():
        for match in regex.finditer(phrase, found.text):
            fits = new is not None and step.new - new.first + 1 == number
            stood = old is not None and step.old - old.first + 1 == number
            now = None if new is None else step.new - new.first + 1
            follows = next((one for one, at in step.facts.phrases.items() if at == now), None)
            if stood and not fits and follows is not None and new is not None:
                why = f"{step.new}年是“{new.name}”第{now}年"
                found.add(*match.span(), follows, "looked_up", "plan", why, new.source, check=True)
                continue
            why = f"“{phrase}”只用于规划的第{number}年" if not fits else "仍合规划年份"
            act = "kept" if fits else "asked"
            found.add(*match.span(), phrase, act, "plan", why, new.source if new else "")  # type: ignore[arg-type]
    for phrase in step.facts.loose:
        for match in regex.finditer(phrase, found.text):
            found.add(*match.span(), phrase, "asked", "plan", "这种提法只合当年，请核对")
    for match in _PLAN.finditer(found.text):
        known = next((one for one in step.facts.plans if one.name == match["name"]), None)
        if known is None or old is None or new is None:
            found.add(*match.span(), match.group(), "asked", "plan", "规划期请核对")
        elif known == old and new != old:
            name = f"{match['open']}{new.name}{match['close']}"
            found.add(*match.span(), name, "looked_up", "plan", "已进入下一个五年规划期", new.source, check=True)
        elif known == new:
            found.add(*match.span(), match.group(), "kept", "plan", "仍在规划期内", new.source)
        else:
            found.add(*match.span(), match.group(), "asked", "plan", "不是今年所在的规划期，请核对")


def find_replaced(found: Finding, step: Step) -> None:
    """Laws, bodies and activities whose names have been replaced by the signing day. Cited titles were found before."""
    for match, one in renamed(found.text, step.facts, step.signing, titles_too=True):
        why = f"{one.since.year}年起改为“{one.new}”"
        if one.ask:
            found.add(*match.span(), match.group(), "asked", one.kind, why, one.source)
        else:
            found.add(*match.span(), one.new, "looked_up", one.kind, why, one.source, check=True)


def find_anniversaries(found: Finding, step: Step) -> None:
    """75周年 → 76周年, always to be looked at: it is seldom printed unless it ends in 0 or 5."""
    for match in ANNIVERSARY.finditer(found.text):
        printed = match["number"]
        count = read_count(printed)
        if count is None:
            continue
        new = count + step.years
        before = found.text[: match.start()]
        base = next((base for word, base in step.facts.anniversaries if word in before[-16:]), None)
        text = _in_the_same_figures(printed, new)
        if base is not None and step.old - base != count:
            found.add(
                *match.span(),
                match.group(),
                "asked",
                "anniversary",
                f"按{base}年起算，{step.old}年应为{step.old - base}周年",
            )
        else:
            why = f"{step.old}年为{count}周年" + ("" if new % 5 == 0 else "；今年不逢五逢十，请考虑删去")
            found.add(*match.span(), f"{text}周年", "stepped", "anniversary", why, check=True)


def find_ordinals(found: Finding, step: Step) -> None:
    """第二十四个全国科技活动周 → 第二十五个: a yearly event's own count goes on."""
    for match in _ORDINAL.finditer(found.text):
        count = read_count(match["number"])
        if count is None:
            continue
        after = found.text[match.end() : match.end() + 24]
        event = step.facts.event_in(after)
        if match["word"] == "届" and _TERM_BODY.match(after):
            found.add(*match.span(), match.group(), "asked", "ordinal", "按届选举产生，不是每年一届，请核对")
            continue
        new = _in_the_same_figures(match["number"].strip(), count + step.years)
        if event is not None and event.base is None:
            found.add(*match.span(), match.group(), "asked", "ordinal", f"{event.name}的届次各处算法不一，请核对")
        elif event is not None and event.base is not None and step.old - event.base != count:
            why = f"按通行算法{step.old}年为第{step.old - event.base}，原文为第{count}，请核对"
            found.add(*match.span(), match.group(), "asked", "ordinal", why)
        else:
            why = f"按每年一次顺推{step.years}次" + ("" if event else "；如非每年举办请改正")
            found.add(*match.span(), f"第{new}{match['word']}", "stepped", "ordinal", why, check=True)

    for match in _HELD.finditer(found.text):
        count = read_count(match["number"])
        if count is not None:
            new = _in_the_same_figures(match["number"], count + step.years)
            found.add(*match.span("number"), new, "stepped", "ordinal", f"按每年一次顺推{step.years}次", check=True)
    for match in _TURN.finditer(found.text):
        count = read_count(match["number"])
        event = step.facts.event_in(found.text[match.end() : match.end() + 24])
        if count is not None and event is not None and event.base == step.old - count:
            new = _in_the_same_figures(match["number"].strip(), count + step.years)
            why = f"按每年一次顺推{step.years}次"
            found.add(*match.span(), f"第{new}{match['word']}", "stepped", "ordinal", why, check=True)
        elif read_count(match["number"]) != 1:
            found.add(*match.span(), match.group(), "asked", "ordinal", "次数、批次请核对")


def _in_the_same_figures(printed: str, number: int) -> str:
    """The number as the old one was printed: digits, or Chinese counting words."""
    if printed.strip().isdigit():
        return str(number)
    return chinese_count(number)


def chinese_count(number: int) -> str:
    """1 to 999 in Chinese counting words: 12 → 十二, 120 → 一百二十."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    out = f"{_HAN[hundreds]}百" if hundreds else ""
    if tens:
        out += f"{'' if tens == 1 and not hundreds else _HAN[tens]}十"
    elif hundreds and ones:
        out += "零"
    return out + (_HAN[ones] if ones else "")
