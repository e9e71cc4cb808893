"""What a single line looks like: heading, label and value, date, number, roster line, page number."""

from __future__ import annotations

import regex

_NUMERAL = "一二三四五六七八九十百〇零"

MARKER = regex.compile(
    rf"[{_NUMERAL}]{{1,4}}、|[（(][{_NUMERAL}]{{1,4}}[）)]|\d{{1,2}}(?:[.．](?:(?!\d)|(?=20\d\d\s*年))|、)|[（(]\d{{1,2}}[）)]"
    rf"|[①-⑳⑴-⒛㈠-㈩]|第[{_NUMERAL}\d]{{1,4}}[编章节条](?![约款])|——|[•●◆■▪]"
)
"""What an item or heading begins with: 一、 （一） 1. （1） ① 第一条 ——."""

PAGE_NUMBER = regex.compile(
    r"[—–―－─━-]{1,3}\s*\d{1,4}\s*[—–―－─━-]{1,3}|第\s*\d{1,4}\s*页(?:\s*[,，/／]?\s*共\s*\d{1,4}\s*页)?"
    r"|\d{1,4}\s*[/／]\s*\d{1,4}\s*页|Page\s+\d{1,4}(?:\s+of\s+\d{1,4})?"
)

DATE = regex.compile(
    r"(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*年\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月"
    r"\s*(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*日)?"
)

NUMBER = regex.compile(
    r"(?:[\p{Han}A-Za-z]\s*){1,20}[〔［\[【（(]\s*(?:19|20)\d{2}\s*[〕］\]】）)]\s*(?:第\s*)?\d{1,5}\s*号"
    r"|[（(]?\s*(?:\d{4}\s*年\s*)?第\s*(?:\d{1,5}|[一二三四五六七八九十百〇零]{1,6})\s*号\s*[）)]?"
)

LABEL = regex.compile(r"(?P<label>(?:[\p{Han}A-Za-z（）()/、·]\s{0,4}){1,16}+)[：:]")
_LABEL_END = regex.compile(
    r"(?:单位|部门|时间|地点|主题|人|电话|手机|邮箱|信箱|邮编|传真|地址|附件\d*|方式|日期|期限|抄送|抄报|主送|题|内容|对象|范围"
    r"|网址|网站|领导|长|员|号|机构|机关|开户行|户名|账户|备注|名称|形式|规模|来源|类|级|奖|批|联系|联系QQ|QQ|Email|E-mail|email"
    r"|密级|附|注|图解|解读|顾问|委员|秘书|主席|专家|主办|承办|协办|支持|指导|牵头)(?:[（(][^（）()]{0,20}[）)])?\Z"
)

ROSTER = regex.compile(
    r"(?:(?:常务|第一)?(?:副)?(?:总)?\s*(?:组|主\s*任|会|团|队)?\s*(?:长|任|员|问|席|委)|成\s*员(?:\s*单\s*位)?|主\s*任\s*委\s*员|副主任委员"
    r"|委\s*员|顾\s*问|秘\s*书\s*长|副秘书长|主\s*席|副主席|联\s*络\s*员|召\s*集\s*人|副召集人|总指挥|副总指挥|指挥长|副指挥长"
    r"|主\s*任|副主任|常务副主任)[：:\t]"
)
_NAME_POST = regex.compile(
    r"(?:(?:\p{Han}\s?){1,3}\s{0,3}\p{Han}|\p{Han}{1,8}(?:[·•・．‧∙⋅]\p{Han}{1,8}){1,3})"
    r"(?:[ \u3000\u00a0]{2,}|\s*\t\s*)\S"
)
_NAME_COMMA = regex.compile(r"\p{Han}(?:\p{Han}{1,3}|[ \u3000\u00a0]{1,4}\p{Han})[，,]\s*[^，,。；：]\S{2,60}")

TITLE_END = regex.compile(
    r"(?:通知|通告|公告|公示|公报|决定|决议|意见|办法|方案|细则|规定|规则|条例|章程|纪要|批复|复函|函|请示|报告|计划|要点|总结"
    r"|规划|纲要|指南|倡议书|建议|名单|安排表|统计表|分解表|汇总表|一览表|表|说明|制度|措施|预案)"
    r"(?:\s*[（(](?:试行|暂行|修订(?:稿|版)?|征求意见稿|草案|送审稿)[）)])?\Z"
)

_TOPIC = regex.compile(r"\p{Han}{2,6}[：:]\s*\S")
"""`作品报送：何立`: a few words and a colon begin a line of their own."""

_ANNEX = regex.compile(r"附\s{0,4}件\s{0,4}(?:\d{1,2}|[一二三四五六七八九十]{1,3})?\s{0,4}(?:[：:]|\Z)")
_CLAUSE = regex.compile(r"[，。；：！？,;]")


def is_page_number(text: str) -> bool:
    return PAGE_NUMBER.fullmatch(text.strip()) is not None


def is_heading(text: str) -> bool:
    """Begins with the marker of an item or heading."""
    return MARKER.match(text) is not None


def is_label(text: str) -> bool:
    """`联 系 人：林若溪`: a short noun that ends like a label, and a colon."""
    match = LABEL.match(text[:60])
    if match is None:
        return False
    label = "".join(match["label"].split())
    return len(label) <= 14 and _LABEL_END.search(label) is not None


def is_date(text: str) -> bool:
    """A date alone, or with 印发 after it."""
    match = DATE.match(text)
    return match is not None and text[match.end() :].strip() in ("", "印发")


def is_number(text: str) -> bool:
    return len(text) <= 60 and NUMBER.fullmatch(text) is not None


def is_roster(text: str, *, within: bool = False) -> bool:
    """`组 长：周明远⇥职务`; with `within` (after such a line) also `周明远  职务` and `周明远，职务` alone."""
    if ROSTER.match(text):
        return True
    if not within or len(text) > 80:
        return False
    return _NAME_POST.match(text) is not None or ("。" not in text and _NAME_COMMA.fullmatch(text) is not None)


def is_prose(text: str) -> bool:
    """Has punctuation of clauses, as titles, names and headings mostly have not."""
    return _CLAUSE.search(text) is not None


def is_title_end(text: str) -> bool:
    """Ends like a title and holds no full stop."""
    return "。" not in text and TITLE_END.search(text[-20:]) is not None


def is_bracketed(text: str) -> bool:
    """The whole line stands in one pair of brackets."""
    if len(text) < 2 or text[0] not in "（([【" or text[-1] not in "）)]】":
        return False
    depth = 0
    for at, char in enumerate(text, 1):
        depth += (char in "（([【") - (char in "）)]】")
        if depth == 0:
            return at == len(text)
    return False


_BULLETED = regex.compile(r"[◆◇●○■□▲△★☆►▶➤◎✦❖※•▪◼]\s{0,3}\p{Han}")


def begins_anew(text: str) -> bool:
    """A line that never continues the one before it."""
    return (
        is_heading(text)
        or is_label(text)
        or _TOPIC.match(text) is not None
        or _BULLETED.match(text) is not None
        or is_date(text)
        or is_number(text)
        or is_bracketed(text)
        or ROSTER.match(text) is not None
        or _ANNEX.match(text) is not None
    )
