"""Markdown files: every sign is taken for Markdown."""

from __future__ import annotations

from layout_kit import check_way_back, outline, read

from ingest.readers.markdown import READER

SOURCE = """# 云州市科普日活动方案

> 云科协字〔2024〕12号

---

## 一、活动主题

*科普云州*，\\*共建\\*强市

- 讲座
* 展览
1. 竞赛

![图](a.png)
详见 <https://example.cn/a> 和 [附件](files/方案.docx "方案")。

```
说明
```

| 活动 | 时间 |
| --- | --- |
| 讲座\\|展览 | 9月 |
"""


def test_markdown():
    document = read(SOURCE, "text/markdown")
    assert outline(document) == (
        "¶1 云州市科普日活动方案\n"
        "¶ 云科协字〔2024〕12号\n"
        "¶2 一、活动主题\n"
        "¶ 科普云州，*共建*强市\n"
        "¶ 讲座\n"
        "¶ 展览\n"
        "¶ 1. 竞赛\n"
        "¶ 详见 https://example.cn/a 和 附件。\n"
        "¶ 说明\n"
        "| 活动 | 时间 |\n"
        "| 讲座\\|展览 | 9月 |\n"
        "-> 附件 = files/方案.docx\n"
        "-> https://example.cn/a = https://example.cn/a\n"
    )
    check_way_back(document, SOURCE)
    assert document.reader == f"markdown/{READER.revision}"


def test_setext_like_rules_go():
    assert outline(read("方案\n***\n正文。\n", "text/markdown")) == "¶ 方案\n¶ 正文。\n"
