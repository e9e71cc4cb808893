"""The papers of the invented corpus: 20 files of 云州市 in 海西省. No name here is anyone's."""

from __future__ import annotations

from corpus_kit import OFFICE, Made, make

COUNTIES = ("临江县", "安平县", "东山区", "清河区")


def plan(year: int, serial: int) -> Made:
    """A city's yearly plan with tasks, a leading group and contacts: the richest kind of paper."""
    return make(
        f"收件/{year}年全国科普日活动方案.pdf",
        f"""
        =1=
        ~⟦letterhead/0|{OFFICE}文件⟧
        ⟦document_number|云科协字〔{year}〕{serial}号⟧
        ^⟦title|关于印发《云州市{year}年全国科普日活动实施方案》的⟦doc_type|通知⟧⟧
        ⟦addressees/0|各县（区）科学技术协会⟧，⟦addressees/1|市直各有关单位⟧：
        为贯彻落实⟦citations/0/title|《全民科学素质行动规划纲要（2021—2035年）》⟧，根据⟦citations/1/title|《关于举办{year}年全国科普日活动的通知》⟧（⟦citations/1/document_number|海科协发〔{year}〕31号⟧）要求，现将《云州市{year}年全国科普日活动实施方案》印发给你们，请认真组织实施。
        附件：⟦annexes/0|云州市{year}年全国科普日重点活动任务分工表⟧
        ⟦issuers/0|{OFFICE}⟧
        ⟦issue_date={year}-08-12|{year}年8月12日⟧
        （此件⟦disclosure|依申请公开⟧）
        =2=
        ^⟦enclosures/0|云州市{year}年全国科普日活动实施方案⟧
        #一、活动主题
        ⟦theme|提升全民科学素质 助力科技自立自强⟧
        #二、活动时间和地点
        ⟦activity_time={year}-09-15..{year}-09-25|{year}年9月15日至25日⟧，主会场设在⟦locations/0|云州市科技馆⟧。
        #三、组织单位
        主办单位：⟦hosts/0|{OFFICE}⟧、⟦hosts/1|云州市教育局⟧、⟦hosts/2|云州市科学技术局⟧
        承办单位：⟦organizers/0|云州市科技馆⟧、⟦organizers/1|各县（区）科学技术协会⟧
        协办单位：⟦co_organizers/0|云州市青少年科技中心⟧
        #四、领导小组
        ⟦leading_group/0/role|组长⟧：⟦leading_group/0/name|周明远⟧　⟦leading_group/0/post|{OFFICE}党组书记、主席⟧
        ⟦leading_group/1/role|副组长⟧：⟦leading_group/1/name|林若溪⟧　⟦leading_group/1/post|云州市教育局副局长⟧
        ⟦leading_group/2/role|成员⟧：⟦leading_group/2/name|何立⟧　⟦leading_group/2/post|云州市科学技术局科长⟧
        #五、工作要求
        ⟦deadlines/0|各县（区）科协于⟦deadlines/0/date={year}-08-25|8月25日前⟧将⟦deadlines/0/action|活动计划⟧报⟦deadlines/0/to|市科协科普部⟧⟧。全市举办活动⟦targets/0|不少于60场⟧。
        联系人：⟦contacts/0/name|何立⟧，联系电话：⟦contacts/0/phones/0|0999-5550123⟧、⟦contacts/0/phones/1|13900000001⟧，电子邮箱：⟦contacts/0/email|kepubu@yunzhou.example⟧。
        =3=
        附件
        ^云州市{year}年全国科普日重点活动任务分工表
        |序号|||任务|||牵头单位|||责任单位|||时间|
        |1|||⟦tasks/0/title|主会场启动仪式⟧|||⟦tasks/0/lead/0|{OFFICE}⟧|||⟦tasks/0/responsible/0|云州市科技馆⟧、⟦tasks/0/responsible/1|云州市科学技术局⟧|||⟦tasks/0/time={year}-09-15|9月15日⟧|
        |2|||⟦tasks/1/title|科普进校园⟧|||⟦tasks/1/lead/0|云州市教育局⟧|||⟦tasks/1/responsible/0|云州市青少年科技中心⟧|||⟦tasks/1/time={year}-09-20|9月20日前⟧|
        |3|||⟦tasks/2/title|流动科技馆县区巡展⟧|||⟦tasks/2/lead/0|云州市科技馆⟧|||⟦tasks/2/responsible/0|各县（区）科学技术协会⟧|||⟦tasks/2/time={year}-09-25|9月全月⟧|
        ⟦copied_to/0|海西省科学技术协会⟧。
        _{OFFICE}办公室　⟦print_date={year}-08-13|{year}年8月13日印发⟧
        """,
        extra={
            "deadlines": [{"date": f"{year}-08-25", "text": "各县（区）科协于8月25日前将活动计划报市科协科普部",
                           "who": ["各县（区）科协"], "action": "活动计划", "to": "市科协科普部", "kind": "duty"}],
            "targets": [{"value": "60", "op": "≥", "unit": "场", "text": "不少于60场"}],
        },
        issues=[("activity_time", "活动时间晚于报送总结的时间，请核对。"), ("tasks/2/time", "“9月全月”没有具体日期。")],
    )  # fmt: skip


def county_notice(year: int, county: str, serial: int) -> Made:
    return make(
        f"{county}/{year}/关于做好{year}年科技活动周的通知.docx",
        f"""
        ⟦document_number|{county[0]}科协发〔{year}〕{serial}号⟧
        ^⟦title|{county}科学技术协会关于做好{year}年科技活动周工作的⟦doc_type|通知⟧⟧
        ⟦addressees/0|各乡镇科协⟧：
        按照⟦citations/0/title|《关于举办{year}年云州市科技活动周的通知》⟧安排，现就我县（区）科技活动周有关工作通知如下。
        一、⟦activity_time={year}-05-20..{year}-05-27|{year}年5月20日至27日⟧举办科技活动周，由⟦hosts/0|{county}科学技术协会⟧主办，⟦organizers/0|{county}科技服务中心⟧承办。
        二、⟦deadlines/0|各乡镇于⟦deadlines/0/date={year}-06-05|6月5日前⟧报送⟦deadlines/0/action|活动总结⟧⟧。
        ⟦issuers/0|{county}科学技术协会⟧
        ⟦issue_date={year}-05-06|{year}年5月6日⟧
        （此件⟦disclosure|主动公开⟧）
        """,
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        extra={"deadlines": [{"date": f"{year}-06-05", "text": "各乡镇于6月5日前报送活动总结", "action": "活动总结"}]},
    )  # fmt: skip


def letter(year: int) -> Made:
    return make(
        f"云州市教育局函{year}.txt",
        f"""
        ^⟦title|关于商请协助开展科普进校园活动的⟦doc_type|函⟧⟧
        ⟦document_number|云教函〔{year}〕7号⟧
        ⟦addressees/0|{OFFICE}⟧：
        为做好青少年科学教育工作，商请贵会选派科普讲师，协助我局开展科普进校园活动。联系人：⟦contacts/0/name|林若溪⟧，⟦contacts/0/phones/0|13900000002⟧。
        ⟦issuers/0|云州市教育局⟧
        ⟦issue_date={year}-03-18|{year}年3月18日⟧
        """,
        media_type="text/plain",
    )  # fmt: skip


def compilation() -> Made:
    """One file that holds two official documents: the second is carried by the first."""
    made = make(
        "转发/关于转发科普基地认定办法的通知.html",
        f"""
        @发文机关: ⟦issuers/0|{OFFICE}⟧
        @发布日期: ⟦publish_date=2023-04-11|2023-04-11⟧
        ^⟦title|关于转发《海西省科普基地认定办法》的⟦doc_type|通知⟧⟧
        ⟦document_number|云科协字〔2023〕9号⟧
        各有关单位：现将⟦citations/0/title|《海西省科普基地认定办法》⟧（⟦citations/0/document_number|海科协发〔2023〕5号⟧）转发给你们，请遵照执行。
        ⟦issue_date=2023-04-10|2023年4月10日⟧
        """,
        """
        ^⟦title|海西省科普基地认定⟦doc_type|办法⟧⟧
        ⟦document_number|海科协发〔2023〕5号⟧
        #第一章　总则
        第一条　为规范科普基地认定工作，制定本办法。
        #第二章　申报条件
        第二条　申报单位应当具有独立法人资格，年开放天数不少于200天。
        ⟦issuers/0|海西省科学技术协会⟧
        ⟦issue_date=2023-02-20|2023年2月20日⟧
        """,
        media_type="text/html",
    )  # fmt: skip
    first, second = made.reading.documents
    second.values["within"] = first.id
    return made


def undated() -> Made:
    return make(
        "扫描件/科普讲师名单.pdf",
        """
        =1=
        ^⟦title|云州市科普讲师团成员名单⟧
        |姓名|||单位|||专业|
        |周明远|||云州市科技馆|||天文|
        |林若溪|||云州市青少年科技中心|||生物|
        """,
        complete=False,
    )


def corpus() -> list[Made]:
    made = [plan(year, serial) for year, serial in ((2020, 21), (2021, 18), (2022, 15), (2023, 17), (2024, 12))]
    made += [county_notice(year, county, 3 + at) for year in (2022, 2023, 2024) for at, county in enumerate(COUNTIES)]
    return [*made, letter(2023), letter(2024), compilation(), undated()]
