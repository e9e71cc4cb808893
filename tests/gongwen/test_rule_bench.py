"""The bench: a pattern is tried in the sandbox on the whole corpus, its effect shown, saved only into the office's own
folder, and put to work; what is slow, greedy or out of date is refused."""

import hashlib
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from gongwen.cli.compose import make_ingest, make_options
from gongwen.cli.rule_bench import RuleBench
from gongwen.errors import RuleError
from gongwen.rule_draft import Draft
from gongwen.settings import ROOT, SHIPPED, Settings
from gongwen.store import open_store
from index.engine import Query
from index.sync import open_index
from ingest.progress import Silent
from ingest.walk import walk

PAPER = """云州市科学技术协会文件
云科协字〔2024〕{n}号
关于举办第{n}届科普知识竞赛的通知
各县（区）科协：
现将有关事项通知如下。
一、竞赛安排
竞赛以“{theme}”为口号，于2024年9月15日举办。
二、其他
请认真组织。
云州市科学技术协会
2024年5月{n}日
"""
GOOD = Draft("theme", "site_1", "以“(?P<value>[^”]{4,30})”为口号", "0.8", (), ("口号",),
             (("活动以“科技点亮生活”为口号。", "科技点亮生活"),), ("以口号为先导",))  # fmt: skip


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Four papers, read and extracted once."""
    folder = tmp_path_factory.mktemp("bench")
    papers = folder / "papers"
    papers.mkdir()
    for number, theme in enumerate(("科技点亮生活", "智慧云州你我共建", "节水从我做起", "短"), 1):
        (papers / f"{number}.txt").write_text(PAPER.format(n=number, theme=theme), encoding="utf-8")
    settings = Settings(corpus=folder / "corpus", network_disk=True, free_space_mb=0)
    with make_ingest(settings, make_options(settings, via="cli"), Silent()) as ingest:
        ingest.run(walk([papers], open_store(settings)))
    return settings.corpus


@pytest.fixture
def office(tmp_path):
    (tmp_path / "rules" / "fields").mkdir(parents=True)
    return tmp_path / "rules"


@pytest.fixture
def bench(corpus, office):
    made = RuleBench(Settings(corpus=corpus, rules=office, network_disk=True, free_space_mb=0))
    yield made
    made.close()


def ended(bench, job, seconds=90.0):
    end = time.monotonic() + seconds
    while (found := bench.job(job.id)).state == "running":
        assert time.monotonic() < end, found
        time.sleep(0.05)
    return found


def shipped():
    files = (path for path in sorted(SHIPPED.rglob("*")) if path.is_file())
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_trial_shows_hits_and_the_effect_and_writes_nothing(bench, corpus, office):
    before = sorted(path.name for path in office.rglob("*"))
    done = ended(bench, bench.try_out(GOOD, None))
    assert (done.state, done.problems) == ("done", ())
    assert {key: done.sums[key] for key in ("files", "hits", "papers", "changed_papers", "gained")} == {
        "files": 4, "hits": 3, "papers": 3, "changed_papers": 3, "gained": 3,
    }  # fmt: skip
    assert {one["value"] for one in done.hits} == {"科技点亮生活", "智慧云州你我共建", "节水从我做起"}
    assert all(one["taken"] for one in done.hits)
    assert done.hits[0]["before"].endswith("竞赛以“")
    assert {each["new"] for one in done.changes for each in one["changes"]} == {one["value"] for one in done.hits}
    assert sorted(path.name for path in office.rglob("*")) == before
    bench.close()  # waits for the end of the process, after which nothing of the trial is left
    assert [path for path in (corpus / "tmp").iterdir() if path.name.startswith("rules-")] == []


def test_hits_outside_the_zones_of_the_field_say_so(bench):
    draft = Draft("theme", "site_1", "第(?P<value>[0-9]届科普知识竞赛)的通知", "0.8", (), (),
                  (("关于举办第1届科普知识竞赛的通知", None),))  # fmt: skip
    done = ended(bench, bench.try_out(draft, None))
    assert done.sums["hits"] == 4
    assert "changed_papers" not in done.sums or done.sums["changed_papers"] == 0
    assert not any(one["taken"] for one in done.hits)
    assert "不在该规则限定的区域（正文、被印发件）" in done.hits[0]["why"]


@pytest.mark.parametrize(("changes", "place", "message"), [
    ({"regex": "以“("}, "正则表达式末尾", "少了右括号"),
    ({"examples": (("没有", None),)}, "正例第 1 行", "没有匹配"),
    ({"counterexamples": ("以“科技点亮生活”为口号",)}, "反例第 1 行", "不应当匹配"),
    ({"regex": r"(?:(?:\p{Han}+)+)+。"}, "正则表达式", "避免嵌套的重复"),
])  # fmt: skip
def test_a_bad_pattern_is_refused_with_its_place(bench, office, changes, place, message):
    draft = replace(GOOD, **changes)
    done = ended(bench, bench.try_out(draft, None))
    assert (done.state, done.problems[0]["place"]) == ("refused", place)
    assert message in done.problems[0]["message"]
    with pytest.raises(RuleError, match="请先试用"):
        bench.save(done.id, "林若溪")
    assert list((office / "fields").iterdir()) == []


def test_a_pattern_that_eats_memory_dies_alone(bench):
    """The compiler of patterns is made to build more than any machine has."""
    draft = replace(GOOD, regex="(?:(?:(?:甲{900}){900}){900}){900}")
    done = ended(bench, bench.try_out(draft, None), seconds=240)
    assert done.state in {"failed", "refused"}
    assert done.message
    assert ended(bench, bench.try_out(GOOD, None)).state == "done"


def test_a_trial_can_be_stopped(bench):
    job = bench.try_out(GOOD, None)
    bench.stop(job.id)
    assert bench.job(job.id).state in {"stopped", "done"}
    assert ended(bench, bench.try_out(GOOD, None)).state == "done"


def test_two_trials_at_once_and_no_more(bench):
    jobs = [bench.try_out(GOOD, None) for _ in range(2)]
    with pytest.raises(RuleError, match="已有两条"):
        bench.try_out(GOOD, None)
    assert [ended(bench, one).state for one in jobs] == ["done", "done"]


def test_what_is_saved_is_in_force_and_people_keep_their_word(bench, corpus, office):
    """Saved into the office's folder only; the records are derived anew; search shows it; acts ask again where the
    rules now say otherwise."""
    ours = shipped()
    store = open_store(Settings(corpus=corpus))
    done = ended(bench, bench.try_out(GOOD, None))
    apply = ended(bench, bench.save(done.id, "林若溪（未登录）"))
    assert (apply.kind, apply.state, apply.sums["changed"], apply.sums["rederived"]) == ("apply", "done", 3, 4)
    assert shipped() == ours
    assert [path.name for path in (office / "fields").iterdir()] == ["theme.site_1.yml"]
    assert "# 保存：林若溪（未登录） 20" in (office / "fields" / "theme.site_1.yml").read_text(encoding="utf-8")
    assert bench.outdated() == (0, 4)
    assert {reading.documents[0]["theme"] for reading in store.readings()} == {
        "科技点亮生活", "智慧云州你我共建", "节水从我做起", None,
    }  # fmt: skip
    index = open_index(Settings(corpus=corpus, rules=office, network_disk=True))
    assert index.search(Query("主题:节水从我做起")).total == 1
    index.close()
    with pytest.raises(RuleError, match="请先试用"):
        bench.save(done.id, "林若溪（未登录）")

    removed = ended(bench, bench.try_out(None, GOOD))
    assert (removed.state, removed.sums["lost"]) == ("done", 3)
    ended(bench, bench.save(removed.id, "林若溪（未登录）"))
    assert sorted(path.name for path in (office / "fields").iterdir()) == ["theme.site_1.yml.old"]
    assert {reading.documents[0]["theme"] for reading in store.readings()} == {None}


def test_rules_that_changed_since_the_trial_are_not_saved_over(bench, office):
    done = ended(bench, bench.try_out(GOOD, None))
    (office / "units").mkdir()
    (office / "units" / "x.yml").write_text("- name: 云州市科学技术馆\n", encoding="utf-8")
    with pytest.raises(RuleError, match="试用之后规则又有变动"):
        bench.save(done.id, "林若溪")
    assert list((office / "fields").iterdir()) == []


def test_without_a_folder_of_its_own_nothing_is_saved(corpus):
    bench = RuleBench(Settings(corpus=corpus, network_disk=True, free_space_mb=0))
    done = ended(bench, bench.try_out(GOOD, None))
    assert done.state == "done"
    with pytest.raises(RuleError, match="没有设置单位自己的规则文件夹"):
        bench.save(done.id, "林若溪")
    bench.close()


def test_the_child_has_no_network_and_writes_no_file(tmp_path):
    """Tried rather than believed, in a process that is confined as the trial is."""
    code = """
import os, socket, sys
from ingest.isolation import confine
confine(memory_bytes=1 << 30, cpu=20)
def tried(work):
    try:
        work()
        return "yes"
    except (OSError, MemoryError):
        return "no"
print(tried(lambda: os.write(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT), b"x")),
      tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("127.0.0.1", 9))),
      tried(lambda: bytes(2 << 30)))
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "x")], capture_output=True, text=True,
                          cwd=ROOT, check=False)  # fmt: skip
    assert done.stdout.split() == ["no", "no", "no"]
