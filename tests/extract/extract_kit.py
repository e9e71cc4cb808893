"""Reads made-up text the way a file is read, without the child process."""

from extract.pipeline import extract
from gongwen.document import Document
from gongwen.record import Record
from gongwen.rulebook import load_rulebook
from ingest.readers.plain import READER
from ingest.source import Source


def read_document(text: str) -> Document:
    return READER.read(Source.of("样例.txt", text.encode("utf-8"), "text/plain"))


def read_records(text: str) -> list[Record]:
    return extract(read_document(text), load_rulebook())


def read_record(text: str) -> Record:
    records = read_records(text)
    assert len(records) == 1
    return records[0]


NOTICE = """云州市科学技术协会文件

云科协字〔2024〕12号

关于印发《2024年云州市科普志愿服务活动方案》的通知

各县（区）科协，机关各部（室）、云州科技馆：

现将《2024年云州市科普志愿服务活动方案》印发给你们，请结合实际认真贯彻执行。

联系人：林若溪，联系电话：0999-5550123

附件：1. 2024年云州市科普志愿服务活动安排表
2. 云州市科普志愿服务活动统计表

云州市科学技术协会
2024年3月5日
（此件公开发布）

2024年云州市科普志愿服务活动方案

为贯彻落实《中华人民共和国科学技术普及法》和《云州市科普工作要点》（云政办〔2024〕3号），制定本方案。

一、活动主题
科普惠民 共建云州

二、活动时间
2024年4月—10月

三、主办单位
云州市科学技术协会、云州市教育局

四、承办单位
云州科技馆、各县（区）科协

五、活动内容
（一）科普进校园。组织专家走进校园。（牵头单位：市教育局，责任单位：市科协、各县（区）科协）
（二）科普进乡村。组织专家走进乡村。（牵头单位：市农业农村局，责任单位：市科协）

六、工作要求
请各县（区）科协于2024年11月15日前将活动总结报送至市科协科普部。

抄送：市委办公室，市政府办公室。
云州市科学技术协会办公室　　　　2024年3月6日印发
"""
