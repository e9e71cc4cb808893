import pytest

from gongwen.document import Block, Document
from gongwen.text import Span
from ingest.secrecy import has_secret_mark
from tests.ingest_kit import document_of

BODY = "云州市科学技术协会文件\n关于开展科普活动的通知\n各县区科协："


@pytest.mark.parametrize("mark", [
    "绝密", "机密", "秘密", "机密★", "机密★1年", "秘密★10年", "绝密★长期", "机 密 ★ 5 年", "　秘　密　", "秘密☆3年",
    "密级：秘密", "密级:机密★1年", "机密★六个月", "绝密★启用前", "秘密一年",
])  # fmt: skip
def test_marked_papers(mark):
    assert has_secret_mark(document_of(f"000012\n{mark}\n特急\n{BODY}"))


@pytest.mark.parametrize("line", [
    "★", "特急", "★★★", "机密文件管理办法", "严守国家秘密", "秘密，是指", "密级：", "密级：无", "商业秘密", "工作秘密★",
    "做好保守秘密工作", "秘密会议的通知", "机密级计算机管理", "1年",
])  # fmt: skip
def test_papers_without_a_mark(line):
    assert not has_secret_mark(document_of(f"{line}\n{BODY}"))


def test_a_word_far_below_is_no_mark():
    lines = "\n\n".join(f"第{number}条" for number in range(15))
    assert not has_secret_mark(document_of(f"{lines}\n秘密"))
    assert has_secret_mark(document_of(f"{lines[:-5]}\n秘密"))


@pytest.mark.parametrize(("kind", "key"), [("header", None), ("meta", "密级")])
def test_marks_beside_the_text(kind, key):
    text = BODY + "\n" * 3 + "行\n" * 30 + "机密"
    block = Block(kind, Span(len(text) - 2, len(text)), key=key)
    assert has_secret_mark(Document("a" * 64, text, (block,), "fake/1", "text/plain"))
    assert not has_secret_mark(document_of(text))
