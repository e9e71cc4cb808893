from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import chinese_calendar
import pytest
import regex
from click.testing import CliRunner
from sample_kit import DATES, closed, records, text_in, text_of, values

from gongwen.cli.sample import command
from gongwen.errors import StoreError
from gongwen.sampling import dates
from gongwen.sampling import standard as standard_set
from gongwen.sampling.standard import KEPT, SCANS, entries, paper, write_standard
from gongwen.sampling.world import names
from gongwen.sampling.writers import pdf
from gongwen.yamlio import load_data
from tests.sampling.make_kept import make

COMMITTED = Path(__file__).parents[2] / "corpus" / "sample"
ENTRIES = entries()
QUOTED = regex.compile(r"《((?:[^《》]|《[^《》]*》)*)》")
DUE = regex.compile(r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|底)(?:[上下]午\d+时)?前")
WEEKDAY = regex.compile(r"(\d{4})年(\d+)月(\d+)日\((星期.)\)")


def words_of(folder, entry):
    """Of a picture: what the manuscript prints; that it can be read is for tests/eval to show."""
    if entry.style in SCANS:
        return text_in("a.pdf", pdf.write(paper(entry)))
    return text_of(folder / entry.name)


def gold_of(folder, entry):
    return load_data((folder / f"{entry.stem}.gold.yaml").read_text(encoding="utf-8"))


def test_two_runs_write_the_same_bytes(standard, tmp_path):
    write_standard(tmp_path)
    first = {path.name: path.read_bytes() for path in standard.iterdir()}
    assert first == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def test_the_committed_set_is_the_one_the_generator_writes(standard):
    kept = {path.name: path.read_bytes() for path in COMMITTED.iterdir() if path.suffix != ".md" or "-" in path.name}
    assert kept == {path.name: path.read_bytes() for path in standard.iterdir()}


def test_a_kept_file_that_is_missing_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(standard_set, "_KEPT_IN", tmp_path)
    run = CliRunner().invoke(command, [str(tmp_path / "out"), "--formats", "doc"], standalone_mode=False)
    assert isinstance(run.exception, StoreError) and "征集科普作品.doc" in str(run.exception)


@pytest.mark.parametrize("entry", [one for one in ENTRIES if one.form in {"xls", "et", "pptx", "msg"}],
                         ids=lambda entry: entry.name)  # fmt: skip
def test_kept_files_are_what_their_makers_make(entry):
    """Those of LibreOffice and of scanners bear times and faces of the day; their text is compared below."""
    assert make(entry) == (COMMITTED / entry.name).read_bytes()


def test_the_set_is_wide_enough():
    forms = Counter(entry.form for entry in ENTRIES)
    assert len(ENTRIES) >= 44
    assert all(forms[form] >= 4 for form in ("txt", "md", "html", "docx", "pdf")) and forms["ofd"] >= 2
    assert all(forms[form] for form in (*KEPT, "xlsx", "csv", "eml", "zip", "mht"))
    assert {entry.style for entry in ENTRIES} >= SCANS
    assert {entry.year for entry in ENTRIES} >= {2020, 2021, 2022, 2023, 2024}
    assert len({entry.stem for entry in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.stem)
def test_every_gold_value_stands_in_the_file(standard, entry):
    text = closed(words_of(standard, entry))
    gold = gold_of(standard, entry)
    for record in records(gold):
        assert [pair for pair in values(record) if closed(pair[1]) not in text] == []
        for field in DATES:
            if record[field]:
                forms = [record[field], dates.printed(record[field]), dates.in_han(record[field])]
                assert any(form in text for form in forms), (field, record[field])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.stem)
def test_nothing_quoted_or_due_is_missing_in_the_gold(standard, entry):
    text = closed(words_of(standard, entry))
    gold = records(gold_of(standard, entry))
    known = [title for record in gold for title in [record["title"], *record["annexes"], *record["enclosures"]]]
    known += [one["title"] for record in gold for one in [*record["citations"], *record.get("citations_optional", [])]]
    known = [closed(title).replace("〈", "《").replace("〉", "》") for title in known if title]
    quoted = {match.replace("〈", "《").replace("〉", "》") for match in QUOTED.findall(text)}
    assert [title for title in quoted if not any(title in one for one in known)] == []
    due = {closed(one["text"]) for record in gold for one in record["deadlines"]}
    found = {match for match in DUE.findall(text) if not any(match in one for one in due)}
    if not any("deadlines" in record.get("skip_fields", []) for record in gold):
        assert found == set()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.stem)
def test_days_are_right(standard, entry):
    for year, month, day, weekday in WEEKDAY.findall(closed(words_of(standard, entry))):
        assert dates.weekday(date(int(year), int(month), int(day)).isoformat()) == weekday
    for record in records(gold_of(standard, entry)):
        for field in DATES:
            if record[field]:
                assert chinese_calendar.is_workday(date.fromisoformat(record[field])), (field, record[field])
        for published in (record["publish_date"], record["print_date"]):
            assert published is None or published >= record["issue_date"]
        for one in record["deadlines"]:
            assert one["date"] is None or one["date"] > record["issue_date"]


def test_numbers_are_unique_and_rise_with_the_date(standard):
    signed = {}
    for entry in ENTRIES:
        for record in records(gold_of(standard, entry)):
            number = record["document_number"]
            if number:
                assert signed.setdefault((number, record["issuers"][0]), record) | {"publish_date": None} == record | {
                    "publish_date": None
                }
    runs = defaultdict(list)
    for (number, _issuer), record in signed.items():
        match = regex.fullmatch(r"(.+〔\d{4}〕)(\d+)号", number)
        if match:
            runs[match[1]].append((int(match[2]), record["issue_date"]))
    for run in runs.values():
        by_serial = [day for _serial, day in sorted(run)]
        assert by_serial == sorted(by_serial)


def test_only_people_and_numbers_of_the_invented_world(standard):
    known = names()
    for entry in ENTRIES:
        for record in records(gold_of(standard, entry)):
            people = [row["name"] for row in [*record["leading_group"], *record["contacts"]] if row["name"]]
            assert set(people) <= known
        text = words_of(standard, entry)
        phones = regex.findall(r"(?<!\d)(?:0\d{2,3}-\d{7,8}|1[3-9]\d{9})(?!\d)", text)
        assert [one for one in phones if not regex.match(r"09(?:99|88)-555|1390000", one)] == []
        assert all(mail.endswith(".example") for mail in regex.findall(r"[\w.]+@[\w.]+\w", text))


def test_the_leading_group_has_thirty_members_and_changes(standard):
    groups = [gold_of(standard, entry)["leading_group"] for entry in ENTRIES if entry.family == "roster"]
    assert all(len(group) >= 30 for group in groups)
    assert all(len({row["name"] for row in group}) == len(group) - 1 for group in groups)  # one also heads the office
    first, last = ({row["name"] for row in group} for group in (groups[0], groups[-1]))
    assert len(first - last) >= 8


def test_a_bundle_holds_three_documents_that_also_stand_alone(standard):
    entry = next(entry for entry in ENTRIES if entry.family == "report_call")
    gold = gold_of(standard, entry)
    assert [record["doc_type"] for record in records(gold)] == ["通知"] * 3
    assert len({record["document_number"] for record in records(gold)}) == 3
