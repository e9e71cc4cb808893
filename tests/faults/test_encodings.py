"""Row 13 of reliability.md: whatever code a text comes in, the words are right, or somebody is told that they may not
be. Korean in EUC-KR is the hole in this: its bytes are everyday Chinese in GB 2312."""

from __future__ import annotations

import codecs

import pytest

from gongwen.errors import SourceError
from ingest.sandbox import read_bytes

SIMPLE = "云州市科学技术协会\n关于举办2024年科普日活动的通知\n各县（区）科协：\n请认真抓好落实。\n"
RARE = SIMPLE + "联系人：翀㛃，䶮湖乡𬎆溪村。\n"
TRADITIONAL = "雲州市科學技術協會\n關於舉辦2024年科普日活動的通知\n各縣（區）科協：\n請認真抓好落實。\n"

RIGHT = {
    "utf-8": RARE.encode(),
    "utf-8 with a mark": codecs.BOM_UTF8 + RARE.encode(),
    "gb2312": SIMPLE.encode("gb2312"),
    "gbk": SIMPLE.replace("落实", "落實").encode("gbk"),
    "gb18030": RARE.encode("gb18030"),
    "utf-16 little": codecs.BOM_UTF16_LE + RARE.encode("utf-16-le"),
    "utf-16 big": codecs.BOM_UTF16_BE + RARE.encode("utf-16-be"),
    "utf-32 little": codecs.BOM_UTF32_LE + RARE.encode("utf-32-le"),
    "utf-32 big": codecs.BOM_UTF32_BE + RARE.encode("utf-32-be"),
    "big5": TRADITIONAL.encode("big5"),
    "gbk of two characters, which is valid utf-8": "通知".encode("gbk"),
    "ascii": b"Notice of the Association\n",
}
MEANT = {
    "gb2312": SIMPLE, "gbk": SIMPLE.replace("落实", "落實"), "big5": TRADITIONAL,
    "gbk of two characters, which is valid utf-8": "通知\n", "ascii": "Notice of the Association\n",
}  # fmt: skip


@pytest.mark.parametrize("case", RIGHT)
def test_the_words_are_right(case):
    document = read_bytes(RIGHT[case], "通知.txt")
    assert (document.text, document.warnings) == (MEANT.get(case, RARE), ())


TOLD = {
    "utf-16 little without a mark": RARE.encode("utf-16-le"),
    "utf-16 big without a mark": RARE.encode("utf-16-be"),
    "utf-8 with a bad byte": (RARE * 9).encode().replace("科普".encode(), b"\xe7\xa7" + "普".encode(), 1),
    "gb18030 with a bad byte": (SIMPLE * 9).encode("gbk").replace(b"\xbf\xc6\xc6\xd5", b"\xff\xc6\xd5", 1),
    "gb18030 and utf-8 in one": (SIMPLE * 3).encode() + (SIMPLE * 3).encode("gbk"),
    "japanese": "お知らせいたします。科学技術の普及活動を行います。\n".encode("shift_jis"),
    "russian": "Уведомление о проведении мероприятий\n".encode("cp1251"),
    "utf-8 taken for gbk and saved as utf-8": RARE.encode().decode("gb18030", "replace").encode(),
}


@pytest.mark.parametrize("case", TOLD)
def test_what_may_be_wrong_is_told(case):
    try:
        document = read_bytes(TOLD[case], "通知.txt")
    except SourceError as error:
        assert error.code in {"encoding", "binary"}
        return
    assert set(document.warnings) & {"encoding", "lost_characters"}, document.text


@pytest.mark.parametrize("case", ["utf-8 with a bad byte", "gb18030 with a bad byte"])
def test_a_bad_byte_costs_a_character_and_not_the_paper(case):
    document = read_bytes(TOLD[case], "通知.txt")
    assert document.text.count("科学技术协会") == 9
    assert document.warnings == ("lost_characters",)


@pytest.mark.parametrize(
    "text", ["Réunion à l'école", "Привет", "компания", "5°C ± 2", "§ 7 · A–B".replace("–", "·"), "naïve café 30 µg"]
)
def test_short_texts_of_other_letters_stay_what_they_are(text):
    document = read_bytes(text.encode(), "a.txt")
    assert (document.text.strip(), document.warnings) == (text, ())


PAGE = "<html><head><meta charset='{}'></head><body><p>{}</p></body></html>"


@pytest.mark.parametrize(
    ("stated", "real", "is_told"),
    [
        ("utf-8", "gb18030", True), ("gb2312", "utf-8", True), ("iso-8859-1", "gb18030", True),
        ("gb2312", "gb18030", False), ("big5", "big5", False), ("utf-8", "utf-16", False),
    ],
)  # fmt: skip
def test_a_page_that_states_another_code(stated, real, is_told):
    words = "關於舉辦科普活動的通知，各縣科協" if real == "big5" else "关于举办科普活动的通知，各县科协"
    document = read_bytes(PAGE.format(stated, words).encode(real), "a.html")
    assert document.text == f"{words}\n"
    assert document.warnings == (("charset_mismatch",) if is_told else ())
