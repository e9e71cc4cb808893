"""What only people can know: numbers of papers, cited papers, themes, persons, contacts, amounts, places, units.
These are never filled (drafting.md: flag, never fill)."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from draft.changes import Finding, Step
from draft.renamed import renamed
from gongwen.text import fold_width
from gongwen.values.document_number import find_numbers
from gongwen.values.phones import find_emails, find_phones
from gongwen.values.units import split_units

_ISSUED = regex.compile(r"(?:(?<!根据|按照|依据|联合)印发|制定|编制|附件：?)\s*$")
_IS_ISSUED = regex.compile(r"\s*(?:（[^（）]{1,20}）)?\s*(?:予以|正式)?(?:印发给|印发|下发)")
_NOW = regex.compile(r"(?:现|兹)(?:将|印发)[^。；]*$")
NEAR = 2
_OWN = regex.compile(r"[〔\[【（(](?P<year>(?:19|20)\d{2})[〕\]】）)]\s*(?P<serial>\d+)\s*号")
_SERIAL = regex.compile(r"第\s?(?P<n>\d{1,4}|[一二三四五六七八九十百]{1,4})\s?号(?!楼|院|门|线|馆|厅|会议室|教学楼)")
_THEME = regex.compile(
    r"主题(?:是|为|：|:)?\s*[“\"](?P<words>[^”\"]{4,60})[”\"]|(?:主题|口号)(?:是|为|：|:|】)\s*(?P<bare>[^。；\n“”]{4,60})"
    r"|口号(?:是|为|：|:)?\s*[“\"](?P<slogan>[^”\"]{4,60})[”\"]"
    r"|[“\"](?P<before>[^“”\"]{4,60})[”\"](?:这一|的|为|活动|年度)*(?:主题|口号|主线)"
    r"|以(?P<plain>\p{Han}{3,16}(?:[，、　 ]\p{Han}{3,16})?)为(?:活动)?(?:主题|口号)"
)
_SLOGAN = regex.compile(r"\p{Han}{4,12}[，、　 ]+\p{Han}{4,14}(?:[，、　 ]+\p{Han}{4,14})?")
_VERBS = regex.compile(r"[的了]|是|为|由|将|应|要|请|各|和|对|在|以|于|有关|如下|通知")
_AMOUNT = regex.compile(
    r"(?<![\d.第年月日〔])(?P<number>\d[\d,，]*(?:\.\d+)?(?:\s*(?:-|—|～|~|至)\s*\d+(?:\.\d+)?)?\s*[万亿千百]?)"
    r"\s*(?P<unit>余?(?:元|万元|亿元|名|人次|人|家|个|项|件|份|场次|场|次|篇|幅|册|部|套|支|台|辆|间|所|天|小时|分钟|字|分|期(?![间末刊])|个百分点|MB|GB|KB|兆|像素|秒|厘米|毫米|组(?![织长员成建])|位|块|吨|公斤|千瓦|公顷|平方公里|米|课时|学时|门|本|枚|面|条|款|届|届次|岁|部门|单位|户|亩|公里|平方米|%|％|‰))"
)
_HAN_AMOUNT = regex.compile(
    r"(?<![第〇零一二三四五六七八九十百])(?P<number>[一二三四五六七八九十百]{1,4}|两)(?P<unit>名|万元|人次|篇|幅|份|场|等奖\p{Han}*名|家|所"
    r"|个(?=部门|单位|县|区|市|乡镇|镇街|街道|镇|乡|村|社区|学校|项目|学会|基地))"
    r"|[一二三四五六七八九十百千]{1,3}余(?:名|场|件|项|人次|家|个)|(?<!最后|每|第|前)[一二三四五六七八九十]{1,3}个(?:工作日|自然日)|[壹贰叁肆伍陆柒捌玖拾佰仟]{1,12}[万亿]?元整?|(?<=[逾超达近约过于])\s?\d[\d.,]*\s?[万亿](?!元)|百分之[一二三四五六七八九十百点零〇]{1,8}|(?<=等)[一二三四五六七八九十]{1,3}部门|[十百千双](?:佳|强)(?!调|化|度|烈|制)|[十百千]大(?=杰出|优秀|科|创|人物|事件|进展|新闻|品牌)"
)
_PLACE = regex.compile(
    r"(?:地点|地址|会址)[：:为]\s*(?P<a>[^，。；\n]{2,40})|在(?!活动|比赛|大会|会议|期间|本次|同期|全[国省市县区]|各[地县区市])(?P<b>[^，。；\n]{2,24}?)(?:举行|举办|召开|开幕|启动)"
    r"|(?:会场|展区|仪式|赛区|报名点|考点)(?:设在|位于|设于)(?P<c>[^，。；\n]{2,24})"
)
_ADDRESS = regex.compile(
    r"\p{Han}{2,16}(?:路|街|大道|巷|胡同)\d{1,5}号(?:\p{Han}{0,10}\d{0,3}(?:楼|号楼|栋|室))?|\p{Han}{2,16}\d{3,4}室"
)
_URL = regex.compile(r"https?://[\w./?=&%#-]+|www\.[\w./?=&%#-]+")
_ENDS = regex.compile(r"[。；：:！？]$")


def find_numbers_of_papers(found: Finding, step: Step) -> None:
    for one in find_numbers(found.text):
        head = regex.match(r"[^〔\[（(]*", one.span.of(found.text))
        agency = head.group() if head else ""
        new = f"{agency}〔{step.new}〕__号"
        found.add(one.span.start, one.span.end, new, "blank", "number", "文号每年另编，序号留空")
    for match in _OWN.finditer(found.text):
        found.add(*match.span(), f"〔{step.new}〕__号", "blank", "number", "文号每年另编，序号留空")
    for match in _SERIAL.finditer(found.text):
        found.add(*match.span("n"), "__", "blank", "number", "编号每年另编，留空")


def find_cited(found: Finding, step: Step) -> None:
    """Cited titles stay as they are and are asked about: the superior notice has another title every year. What the
    paper itself issues (印发《…》) is no citation: its year steps."""
    for start, end in _titles(found.text):
        words = found.text[start:end]
        if _ISSUED.search(found.text[:start]) or words[1:-1] in step.own or _is_issued(found.text, start, end):
            continue
        if any(place.start() < len(words) for place, _ in renamed(words, step.facts, step.signing)):
            continue
        years = [int(year) for year in regex.findall(r"(?<!\d)((?:19|20)\d{2})(?=年)", words)]
        if any(abs(year - step.old) <= NEAR for year in years):
            found.add(start, end, words, "asked", "citation", "引用的是往年文件，请换成今年的")
        else:
            found.add(start, end, words, "asked", "citation", "请核对引用的文件是否仍然有效")


def _is_issued(text: str, start: int, end: int) -> bool:
    """现将《…》印发给你们: the paper's own."""
    return _NOW.search(text[:start]) is not None and _IS_ISSUED.match(text, end) is not None


def _titles(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of outermost 《…》."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        if char == "《":
            start = at if depth == 0 else start
            depth += 1
        elif char == "》" and depth:
            depth -= 1
            if depth == 0:
                yield start, at + 1


def find_themes(found: Finding, step: Step) -> None:
    for match in _THEME.finditer(found.text):
        group = next(name for name in ("words", "bare", "slogan", "before", "plain") if match[name])
        found.add(*match.span(group), None, "blank", "theme", "主题由主办单位每年另定")
    text = found.text.strip()
    if not step.alone:
        return
    if not _ENDS.search(text) and _SLOGAN.fullmatch(text.strip('“”"')) and not _VERBS.search(text[:-2]):
        start = found.text.find(text)
        found.add(start, start + len(text), None, "blank", "theme", "像是主题或口号，每年另定")


def find_contacts(found: Finding, step: Step) -> None:
    for phone in find_phones(found.text):
        found.add(phone.span.start, phone.span.end, None, "blank", "contact", "联系方式请逐一核对")
    for mail in find_emails(found.text):
        found.add(mail.span.start, mail.span.end, None, "blank", "contact", "联系方式请逐一核对")
    for match in _URL.finditer(found.text):
        found.add(*match.span(), match.group(), "asked", "contact", "网址请核对是否仍可用")


def find_places(found: Finding, step: Step) -> None:
    for match in _PLACE.finditer(found.text):
        group = next(name for name in "abc" if match[name])
        found.add(*match.span(group), None, "blank", "place", "地点每年另定")
    for match in _ADDRESS.finditer(found.text):
        found.add(*match.span(), match.group(), "asked", "place", "地址请核对")


def find_amounts(found: Finding, step: Step) -> None:
    for form in (_AMOUNT, _HAN_AMOUNT):
        for match in form.finditer(found.text):
            found.add(*match.span(), match.group(), "asked", "amount", f"上年为{match.group().strip()}，请核对")


def find_units(found: Finding, step: Step) -> None:
    """Units in a role, and a line that is nothing but units: each may have been renamed, added or dropped."""
    for match in _IN_ROLE.finditer(found.text):
        group = next(name for name in "abcde" if match[name])
        found.add(*match.span(group), match[group], "asked", "unit", "单位每年可能变动，请核对")
    bare = found.text.strip()
    if step.alone and _UNIT_END.search(bare) and regex.fullmatch(r"[\p{Han}（）]{4,24}", bare):
        start = found.text.find(bare)
        found.add(start, start + len(bare), bare, "asked", "unit", "单位请核对")
    text = fold_width(found.text).strip().rstrip("：:。")
    if len(text) < 6 or not regex.search(r"[、，；]", text):
        return
    units = split_units(text)
    named = sum(len(one.text) for one in units if one.span is not None)
    if len(units) >= 2 and named >= 0.7 * len(regex.sub(r"[、，；\s]", "", text)) and _all_units(text):
        start = found.text.find(found.text.strip()[:1])
        found.add(
            start, start + len(text), found.text[start : start + len(text)], "asked", "unit", "单位名单请逐一核对"
        )


_IN_ROLE = regex.compile(
    r"(?:主办|承办|协办|支持|牵头|责任|组织|指导|配合|参与|参加|实施|合作|冠名)(?:单位|部门|机构)[：:]\s*(?P<a>[^。；）)\n]{2,200}?)(?=[，,](?:主办|承办|协办|支持|牵头|责任|配合|参与)(?:单位|部门)|[。；）)\n]|$)"
    r"|由(?P<b>[^，。；：由\n]{2,40}?)(?:牵头|主办|承办|协办|联合主办|共同主办|具体承办)"
    r"|(?:主办|承办|协办)方[：:为是]\s*(?P<c>[^，。；\n]{2,60})"
    r"|(?<=^|[，。；（])(?P<d>\p{Han}{2,20}(?:局|委|办|部|厅|会|协|馆|社|团|联|中心|学校|大学|学院|公司|府)"
    r"(?:[、和]\p{Han}{2,20}(?:局|委|办|部|厅|会|协|馆|社|团|联|中心|学校|大学|学院|公司|府))*)"
    r"(?:共同|联合)?(?:牵头|主办|承办|协办)(?!单位|方|权|机构|部门)"
    r"|^\s*(?P<e>各[\p{Han}（）、，]{2,80})：\s*$"
)
_UNIT_END = regex.compile(
    r"(?:局|委|办|厅|部|院|会|协|府|室|处|科|站|中心|学校|大学|学院|公司|集团|馆|社|团|队|委员会|部门|单位|园|所|行|台|联|组）?|）)(?:（[^（）]*）)?$"
)


def _all_units(text: str) -> bool:
    pieces = [one for one in regex.split(r"[、，；]", text) if one]
    if sum(one.startswith("进") for one in pieces) >= 1 and len(pieces) >= 2:
        return False  # 进校园、进社区
    ends = sum(
        bool(_UNIT_END.search(one)) or regex.fullmatch(r"\p{Han}{2,8}[省市区县]", one) is not None for one in pieces
    )
    return ends >= max(2, round(0.8 * len(pieces)))


def find_one_off(found: Finding, step: Step) -> None:
    for word in step.facts.one_off:
        at = found.text.find(word)
        if at >= 0:
            found.changes.clear()
            found.add(0, len(found.text), None, "dropped", "one_off", f"“{word}”是当时的内容，没有带入")
            return
