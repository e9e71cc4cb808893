"""A made-up series of five years with known truth: every sentence says what must become of it. The offices, places and
people do not exist."""

from __future__ import annotations

from dataclasses import dataclass

YEARS = (2019, 2020, 2021, 2022, 2023)
TRUTH = 2024
CITY = "云州市"


@dataclass(frozen=True)
class Truth:
    """`kind`: stable (word for word), stepped (only the year or a count moves), human (must be flagged), once (of that
    year alone)."""

    kind: str
    text: str


THEMES = {2019: "科技强市 创新圆梦", 2020: "科技惠民 健康生活", 2021: "百年征程 科技为民", 2022: "走近科学 你我同行",
          2023: "热爱科学 崇尚创新", 2024: "弘扬精神 激发活力"}  # fmt: skip
DAYS = {2019: "5月19日至26日", 2020: "8月23日至29日", 2021: "5月22日至28日", 2022: "5月21日至28日",
        2023: "5月20日至31日", 2024: "5月25日至6月1日"}  # fmt: skip
PEOPLE = {2019: "何立", 2020: "何立", 2021: "方可", 2022: "方可", 2023: "方可", 2024: "沈一"}
PHONES = {2019: "0999-5550101", 2020: "0999-5550101", 2021: "0999-5550123", 2022: "0999-5550123", 2023: "0999-5550123",
          2024: "0999-5550188"}  # fmt: skip
COUNTS = {2019: 48, 2020: 30, 2021: 52, 2022: 55, 2023: 60, 2024: 66}
PLACES = {2019: "云州市科技馆", 2020: "线上", 2021: "云州市科技馆", 2022: "东山区文化广场", 2023: "云州市科技馆",
          2024: "清河区科普公园"}  # fmt: skip
ONCE = {2019: "为庆祝云州撤地设市30周年，增设专题展览。", 2020: "要落实疫情防控要求，控制现场人数。",
        2021: "结合党史学习教育开展主题党日活动。", 2022: "配合省运动会做好志愿服务。",
        2023: "新场馆试运行期间实行预约参观。", 2024: "配合文明城市复查做好宣传。"}  # fmt: skip
ORDINALS = {2019: "十九", 2020: "二十", 2021: "二十一", 2022: "二十二", 2023: "二十三", 2024: "二十四"}

STABLE = (
    "各县（区）、各部门要高度重视，加强组织领导，密切协调配合，形成工作合力。",
    "要创新形式，注重实效，面向基层群众开展科普服务。",
    "要广泛宣传，营造讲科学、爱科学、学科学、用科学的良好氛围。",
    "要厉行节约，反对铺张浪费，严格遵守中央八项规定精神。",
    "要强化安全意识，落实安全责任，确保活动安全有序。",
    "组织科技工作者深入乡村、社区、学校、企业开展科普讲座和咨询服务。",
    "组织各级各类科普基地向公众免费开放。",
    "组织青少年开展科技制作、科学实验等体验活动。",
    "动员学会、高校和科研院所的专家参与活动。",
    "各单位要及时收集活动图片、视频等资料。",
    "各县（区）要结合实际制定具体安排，认真组织实施。",
    "活动期间，市级媒体要开设专栏，及时报道活动情况。",
)


def sentences(year: int) -> list[tuple[str, list[Truth]]]:
    """Paragraphs of one year's notice, each with its sentences."""
    s, h = (lambda text: Truth("stable", text)), (lambda text: Truth("human", text))
    stepped = lambda text: Truth("stepped", text)  # noqa: E731
    return [
        ("title", [stepped(f"关于举办{year}年云州市科技活动周的通知")]),
        ("to", [h("各县（区）科学技术协会，市直各有关单位：")]),
        ("", [stepped(f"第{ORDINALS[year]}个全国科技活动周即将举办。"),
              stepped(f"现将{year}年云州市科技活动周有关事项通知如下：")]),
        ("", [s("一、活动主题")]), ("", [h(f"{THEMES[year]}。")]),
        ("", [s("二、活动时间")]), ("", [h(f"{year}年{DAYS[year]}。")]),
        ("", [s("三、活动内容")]),
        ("", [s("（一）开展科技下乡活动。"), s(STABLE[5])]),
        ("", [s("（二）开放科普资源。"), s(STABLE[6]), h(f"启动仪式在{PLACES[year]}举行。")]),
        ("", [s("（三）举办体验活动。"), s(STABLE[7]), h(f"全市开展活动不少于{COUNTS[year]}场。")]),
        ("", [s("（四）发挥专家作用。"), s(STABLE[8]), Truth("once", ONCE[year])]),
        ("", [s("四、工作要求")]),
        ("", [s("（一）加强领导。"), s(STABLE[0]), s(STABLE[10])]),
        ("", [s("（二）注重实效。"), s(STABLE[1]), s(STABLE[3])]),
        ("", [s("（三）加强宣传。"), s(STABLE[2]), s(STABLE[11])]),
        ("", [s("（四）确保安全。"), s(STABLE[4]), s(STABLE[9])]),
        ("", [h(f"联系人：{PEOPLE[year]}，联系电话：{PHONES[year]}。")]),
        ("sign", [h("云州市科学技术协会")]),
        ("date", [h(f"{year}年4月{year - 2008}日")]),
    ]  # fmt: skip


def paper(year: int) -> str:
    lines = ["云州市科学技术协会文件", f"云科协字〔{year}〕{year - 2000}号"]
    return "\n".join([*lines, *("".join(one.text for one in found) for _, found in sentences(year))]) + "\n"
