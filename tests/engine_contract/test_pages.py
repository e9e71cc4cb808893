"""Filters, facets, order, pages, snippets."""

from __future__ import annotations

from contract_kit import entry, found, page

from index.engine import FACET_VALUES, Query, SearchEngine


def _dated(engine: SearchEngine) -> None:
    engine.update(
        [
            entry("old", "科普", date="2020-05-30", facets={"year": ("2020",), "unit": ("甲局", "乙局")}),
            entry("new", "科普", date="2024-01-02", facets={"year": ("2024",), "unit": ("乙局",)}),
            entry("mid", "科普", date="2022-12-31", facets={"year": ("2022",)}),
            entry("none", "科普", facets={"year": ("2022",), "unit": ("甲局",)}),
        ]
    )


def test_filters_any_value_of_a_name_all_names(engine: SearchEngine):
    _dated(engine)
    assert found(engine, where={"year": ("2020", "2024")}) == {"old", "new"}
    assert found(engine, where={"year": ("2020", "2022"), "unit": ("甲局",)}) == {"old", "none"}
    assert found(engine, "科普", where={"unit": ("乙局",)}) == {"old", "new"}


def test_none_given_can_be_asked_for(engine: SearchEngine):
    _dated(engine)
    assert found(engine, where={"unit": ("",)}) == {"mid"}
    assert found(engine, where={"unit": ("", "甲局")}) == {"mid", "old", "none"}
    assert found(engine, where={"no such facet": ("",)}) == {"old", "new", "mid", "none"}
    assert found(engine, where={"date": ("",)}) == found(engine, "日期:无") == {"none"}
    assert found(engine, "单位:无") == {"mid"}


def test_filters_that_fit_nothing_give_nothing(engine: SearchEngine):
    _dated(engine)
    for where in ({"year": ("1999",)}, {"year": ()}, {"no such facet": ("x",)}, {"year": ("2020",), "unit": ()}):
        answer = page(engine, "科普", where=where)
        assert (answer.total, answer.ids, answer.facets) == (0, (), {})


def test_dates_are_inclusive_and_missing_dates_stay_out(engine: SearchEngine):
    _dated(engine)
    assert found(engine, date_from="2020-05-30", date_to="2022-12-31") == {"old", "mid"}
    assert found(engine, date_from="2022-12-31") == {"mid", "new"}
    assert found(engine, date_to="2020-05-30") == {"old"}
    assert found(engine, date_to="2022") == {"old", "mid"}
    assert found(engine, "日期:2020..2022") == {"old", "mid"}
    assert found(engine, "日期:2022年12月前") == {"old"}
    assert found(engine, "科普 2024年") == {"new"}


def test_a_date_that_is_none_is_ignored_and_said(engine: SearchEngine):
    _dated(engine)
    answer = page(engine, "科普", date_from="昨天")
    assert answer.total == 4
    assert any("昨天" in one for one in answer.warnings)


def test_order_by_date_puts_missing_dates_last(engine: SearchEngine):
    _dated(engine)
    assert page(engine, "科普", sort="newest").ids == ("new", "mid", "old", "none")
    assert page(engine, "科普", sort="oldest").ids == ("old", "mid", "new", "none")
    assert page(engine).ids == ("new", "mid", "old", "none")


def test_facets_count_all_hits_not_the_page(engine: SearchEngine):
    _dated(engine)
    answer = engine.search(Query("科普", limit=1))
    assert answer.total == 4
    assert len(answer.hits) == 1
    assert answer.facets == {"unit": (("乙局", 2), ("甲局", 2)), "year": (("2022", 2), ("2020", 1), ("2024", 1))}


def test_of_many_values_the_most_frequent_are_counted(engine: SearchEngine):
    rare = [entry(f"r{at}", "科普", facets={"theme": (f"主题{at:04}",)}) for at in range(FACET_VALUES + 20)]
    engine.update(rare + [entry(f"c{at}", "科普", facets={"theme": ("常用主题",)}) for at in range(2)])
    themes = page(engine, "科普").facets["theme"]
    assert themes[0] == ("常用主题", 2)
    assert len(themes) == FACET_VALUES
    assert len(set(themes)) == FACET_VALUES


def test_values_and_names_of_any_kind_can_be_counted_and_asked_for(engine: SearchEngine):
    odd = ("2024-05-30T08:00:00Z", "12", "1.5", "true", "", " 甲\x1f乙 ", "长" * 40_000)
    engine.update([entry("a", "科普", facets={"odd name.\x01": odd, "empty": ("",)}), entry("b", "科普")])
    answer = page(engine, "科普")
    assert len(answer.facets["odd name.\x01"]) == len(odd) - 1
    assert {("12", 1), ("true", 1), (" 甲\x1f乙 ", 1)} <= set(answer.facets["odd name.\x01"])
    assert "empty" not in answer.facets
    for value in filter(None, odd):
        assert found(engine, where={"odd name.\x01": (value,)}) == {"a"}
    assert found(engine, where={"odd name.\x01": ("",)}) == {"b"}
    assert found(engine, where={"odd name.\x01": ("长" * 39_999,)}) == set()
    assert found(engine, where={"empty": ("",)}) == {"a", "b"}


def test_pages_part_the_hits(engine: SearchEngine):
    engine.update([entry(f"e{at:02}", "科普" * (1 + at % 3), date=f"2024-01-{1 + at:02}") for at in range(25)])
    for sort in ("relevance", "newest", "oldest"):
        pages = [engine.search(Query("科普", sort=sort, offset=at, limit=10)) for at in (0, 10, 20, 30)]
        assert [len(one.hits) for one in pages] == [10, 10, 5, 0]
        assert {name for one in pages for name in one.ids} == {f"e{at:02}" for at in range(25)}
        assert {one.total for one in pages} == {25}


def test_odd_offsets_and_limits(engine: SearchEngine):
    _dated(engine)
    assert engine.search(Query("科普", offset=-5, limit=-1)).total == 4
    assert engine.search(Query("科普", offset=10**9, limit=10**9)).ids == ()


def test_the_paper_itself_stands_before_papers_that_cite_it(engine: SearchEngine):
    engine.update(
        [
            entry(
                f"cites{at}",
                "云科协字〔2021〕14号 " * 9,
                title="云科协字〔2021〕14号的说明",
                cited_keys=("云科协字|2021|14",),
            )
            for at in range(5)
        ]
        + [entry("own", "很长的正文" * 300, number="云科协字〔2021〕14号", number_keys=("云科协字|2021|14",))]
    )
    assert page(engine, "云科协字2021 14").ids[0] == "own"
    assert page(engine, "[2021]14").ids[0] == "own"


def test_a_title_weighs_more_than_the_text(engine: SearchEngine):
    engine.update(
        [entry(f"t{at}", "科普大篷车进校园。" * 20, title="其他事项") for at in range(8)]
        + [entry("title", "正文没有这些字。" * 30, title="科普大篷车管理办法")]
    )
    assert page(engine, "科普大篷车").ids[0] == "title"


def test_a_unit_in_the_role_asked_for_comes_first(engine: SearchEngine):
    engine.update(
        [entry(f"r{at}", "市科协 牵头 " * 5, fields={"responsible": ("市科协",)}) for at in range(6)]
        + [entry("lead", "由市科协做，某局牵头" + "。" * 50, fields={"lead": ("市科协",)})]
    )
    assert page(engine, "市科协 牵头").ids[0] == "lead"


def test_snippets_mark_what_was_searched_as_printed(engine: SearchEngine):
    engine.update(
        [
            entry(
                "a",
                "开头。" * 100 + "由云 州 市 科\n学技术协会负责，周 明远签收。" + "结尾。" * 100,
                title="科学 技术协会文件",
            )
        ]
    )
    hit = page(engine, "“科学技术协会” 周明远").hits[0]
    marked = [text for snippet in hit.snippets for text, is_match in snippet if is_match]
    assert marked == ["科\n学技术协会", "周 明远"]
    assert ("科学 技术协会", True) in hit.title
    assert all(len("".join(text for text, _ in snippet)) < 250 for snippet in hit.snippets)


def test_snippets_are_pieces_of_the_text(filled: SearchEngine):
    from contract_kit import sample

    texts = {one.id: one.text for one in sample()}
    for hit in page(filled, "科普 活动").hits:
        for snippet in hit.snippets:
            assert "".join(text for text, _ in snippet) in texts[hit.id]


def test_bare_hits_are_the_same_papers_any_number_of_them(engine: SearchEngine):
    engine.update([entry(f"{at:05}-1", "科普日活动", title=f"第{at}件") for at in range(1100)])
    bare = engine.search(Query("科普日", limit=5000, bare=True))
    assert len(bare.hits) == bare.total == 1100
    assert {(hit.title, hit.snippets) for hit in bare.hits} == {((), ())}
    assert bare.ids[:50] == engine.search(Query("科普日", limit=50)).ids
    assert bare.facets == engine.search(Query("科普日", limit=1)).facets
    assert len(engine.search(Query("科普日", limit=5000)).hits) == 1000
