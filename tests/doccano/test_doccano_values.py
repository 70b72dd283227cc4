"""Values of amounts in words and through comments, without a server; and through the real one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from doccano.conftest import Room, Site, passages_of
from ffm.doccano.adjudicate import find_differences
from ffm.doccano.pull import Texts, pull
from ffm.doccano.push import make_rows, push
from ffm.doccano.setup import open_batch, set_up
from ffm.doccano.values import QUALIFIERS, RATES, put_right, read_comments, read_value, say_value
from ffm.entities.amounts.vocabulary import currencies
from ffm.errors import PassageError
from ffm.gold.store import GoldEntity, read_gold
from ffm.project.project import find_project
from ffm.records import Entity, Period, Value, value_of

SCHEME = find_project().scheme
TEXT = "Each got 200 rupees, and 12 per cent of the 81 displaced fishers got 3,000.50 rupees."


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("200 NPR", Value(kind="money", low=200, high=200, currency="NPR")),
        ("3,000.50 PKR, about", Value(kind="money", low=3000.5, high=3000.5, currency="PKR", qualifier="about")),
        ("12 %", Value(kind="percent", low=12, high=12)),
        ("12% , Up to", Value(kind="percent", low=12, high=12, qualifier="up to")),
        ("-5 to 7 percent", Value(kind="percent", low=-5, high=7)),
        ("81 displaced fishers", Value(kind="count", low=81, high=81, noun="displaced fishers")),
        ("81", Value(kind="count", low=81, high=81)),
        ("200-300 NPR, at least, per month", Value(kind="money", low=200, high=300, currency="NPR", qualifier="at least", rate="month")),
        (
            "5 NPR, a week [since 2001: from 2001-01-01]",
            Value(kind="money", low=5, high=5, currency="NPR", rate="week", period=Period("since 2001", "2001-01-01", None)),
        ),
        ("5 NPR [last year]", Value(kind="money", low=5, high=5, currency="NPR", period=Period("last year"))),
    ],
)
def test_a_value_is_read_from_the_words_that_a_person_writes(said: str, value: Value) -> None:
    assert read_value(said, TEXT) == value
    assert read_value(say_value(value), TEXT) == value


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("NPR", "does not begin with figures"),
        ("", "does not begin with figures"),
        ("200 QQQ", 'says "QQQ", which is no currency of ISO 4217'),
        ("200 camels", 'says "camels", which is no currency of ISO 4217 and does not stand in the passage'),
        ("300 to 200 NPR", "the greater first"),
        ("200 NPR, roughly", 'says "roughly", which is none of about, over'),
        ("200 NPR, about, over", 'says "over", which is none of'),
        ("200 NPR [in 2021: 2021-02-30]", "no days"),
        ("200 NPR [in 2021: 2021-12-31 to 2021-01-01]", "no days"),
    ],
)
def test_a_comment_that_gives_no_value_is_refused_with_its_words_and_how_to_write_it(said: str, why: str) -> None:
    with pytest.raises(PassageError, match=r"^the comment '\"200 rupees\" =") as refused:
        read_comments([f'Look here:\n"200 rupees" = {said}'], TEXT)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)


def test_other_comments_are_left_alone() -> None:
    assert read_comments(['Is "200 rupees" a wage?', "a = b", "", '= "x"', "both marks mean the same"], TEXT) == []


FIGURES = st.one_of(st.integers(-(10**15), 10**15), st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 6)))
DAYS = st.one_of(st.none(), st.dates().map(lambda day: day.isoformat()))


@settings(max_examples=300)
@given(
    FIGURES,
    FIGURES,
    st.sampled_from(["money", "percent", "count"]),
    st.sampled_from(sorted(code for code, codes in currencies().marks.items() if codes == [code])),
    st.sampled_from([None, *QUALIFIERS]),
    st.sampled_from([None, *RATES]),
    st.one_of(st.none(), st.builds(Period, st.from_regex(r"[a-z]+( [a-z0-9]+)?", fullmatch=True), DAYS, DAYS)),
)
def test_any_value_survives_its_own_words(low: Any, high: Any, kind: Any, code: str, qualifier: Any, rate: Any, period: Any) -> None:
    low, high = sorted((low, high))
    if period and period.start and period.end and period.start > period.end:
        period = replace(period, start=period.end, end=period.start)
    currency, noun = (code, None) if kind == "money" else (None, "displaced fishers" if kind == "count" else None)
    value = Value(kind=kind, low=low, high=high, currency=currency, noun=noun, qualifier=qualifier, rate=rate, period=period)
    assert read_value(say_value(value), TEXT) == value


@settings(max_examples=300)
@given(st.text(st.sampled_from('"“”=#1 20,.-[]:toNPR%ab\n'), max_size=60))
def test_any_comment_is_read_or_refused_in_one_line(text: str) -> None:
    try:
        read_comments([text, f'"200 rupees" = {text}'], TEXT)
    except PassageError as error:
        assert "\n" not in str(error)


def test_a_comment_speaks_of_an_amount_that_is_marked_and_of_one_of_several_by_number() -> None:
    amounts = {(0, 3): "5 rupees", (9, 12): "5\nrupees", (20, 23): "7 rupees"}
    comments = read_comments(['"5 rupees" #2 = 5 NPR', "“7 rupees” = 7 PKR"], TEXT)
    assert {place: value.currency for place, value in put_right(comments, amounts).items()} == {(9, 12): "NPR", (20, 23): "PKR"}
    assert len(put_right(read_comments(['"5 rupees" = 5 NPR'], TEXT), amounts)) == 2
    for wrong in ('"5 rupees" #3 = 5 NPR', '"5 rupees" #0 = 5 NPR', '"6 rupees" = 6 NPR'):
        with pytest.raises(PassageError, match="which is not marked as an amount"):
            put_right(read_comments([wrong], TEXT), amounts)
    with pytest.raises(PassageError, match='comments give "7 rupees" different values'):
        put_right(read_comments(['"7 rupees" = 7 NPR', '"7 rupees" = 7 PKR'], TEXT), amounts)


def sharing() -> list[tuple[str, str, str]]:
    """Return a country, a name and a code for every currency that shares its name with another."""
    table = currencies()
    country = {code: country for country, code in sorted(table.country_currency.items(), reverse=True)}
    names = sorted(name for name, codes in table.nouns.items() if len(codes) > 1 and not name.endswith("s"))
    return [(country.get(code, ""), name, code) for name in names for code in table.nouns[name]]


def valued(text: str, code: str, words: str) -> dict[str, Any]:
    start = text.index(words)
    value = Value(
        kind="money", low=300, high=300, currency=code, qualifier="about", rate="week", period=Period("so far", None, "2024-05-01")
    )
    return {"entities": [Entity(start, start + len(words), "AMOUNT", words, **value_of(value))]}


@pytest.mark.slow
def test_the_values_of_all_currencies_that_share_a_name_survive_the_round(room: Room, tmp_path: Path) -> None:
    shared = sharing()
    assert len(shared) > 60
    assert {"PKR", "SYP", "UGX", "NPR", "TND", "COP"} <= {code for _, _, code in shared}
    texts = [f"{number}: a loaf costs 300 {name} now." for number, (_, name, _) in enumerate(shared)]
    codes = {text: (code, f"300 {name}") for text, (_, name, code) in zip(texts, shared, strict=True)}
    report, passages = passages_of(texts, marks=lambda text: valued(text, *codes[text]))
    assert room.push(passages).errors == []
    done = pull(room.server, room.batch, SCHEME, Texts({}, [report]), tmp_path, everything=True)
    assert done.errors == []
    _, records = read_gold(tmp_path / "anna" / "notes.jsonl")
    found = {record.start: [value_of(entity) for entity in record.entities] for record in records}
    assert found == {item.start: [value_of(entity) for entity in item.entities] for item in passages}


def amounts_of(folder: Path) -> dict[str, GoldEntity]:
    _, records = read_gold(folder / "notes.jsonl")
    return {str(number): entity for number, record in enumerate(records) for entity in record.entities}


def comment(site: Site, user: str, project: Any, passage: str, text: str) -> None:
    client = site.as_user(user)
    row = next(row for row in site.admin.download(project)["all"] if row["passage"] == passage)
    client.create_comment(project.id, row["id"], text)


@pytest.mark.slow
def test_a_comment_puts_a_value_right_and_a_bad_one_is_refused_and_adjudication_shows_both(site: Site, name: str, tmp_path: Path) -> None:
    set_up(site.admin, name, ["anna", "ben"], SCHEME)
    batch = open_batch(site.admin, name)
    texts = ["One loaf: 300 rupees now.", "Two loaves: 600 rupees now, 300 rupees each.", "Three: 900 rupees."]
    words = dict(zip(texts, ("300 rupees", "300 rupees", "900 rupees"), strict=True))
    report, passages = passages_of(texts, marks=lambda text: valued(text, "INR", words[text]))
    rows, _ = make_rows(passages, SCHEME, True)
    assert push(site.admin, batch, rows, SCHEME).errors == []
    anna = batch.projects["anna"]
    shown = next(row for row in site.admin.download(anna)["all"] if row["passage"] == "notes/0001")
    assert '\n"300 rupees" = 300 INR, about, per week [so far: to 2024-05-01]\n' in shown["text"]
    comment(site, "anna", anna, "notes/0001", 'The report is on Nepal.\n"300 rupees" = 300 NPR, per week')
    comment(site, "anna", anna, "notes/0003", '"900 rupees" = 900 rupees of Nepal')
    texts_of = Texts({}, [report])
    done = pull(site.admin, batch, SCHEME, texts_of, tmp_path, everything=True)
    (error,) = done.errors
    assert error.startswith('anna: the passage notes/0003: the comment \'"900 rupees" = 900 rupees of Nepal\' says "rupees of Nepal"')
    assert 'anna: the passage notes/0001: by comment "300 rupees" = 300 NPR, per week' in done.notices
    mine, others = amounts_of(tmp_path / "anna"), amounts_of(tmp_path / "ben")
    assert (mine["0"].currency, mine["0"].qualifier, mine["0"].rate) == ("NPR", None, "week")
    assert (others["0"].currency, mine["1"].currency) == ("INR", "INR")

    found = find_differences([tmp_path / "anna", tmp_path / "ben"], passages, SCHEME)
    assert [row.passage for row in found.rows] == ["notes/0001"]
    judged = f"{name} judged"
    set_up(site.admin, judged, ["carol"], SCHEME, decisions=True)
    decisions = open_batch(site.admin, judged)
    assert push(site.admin, decisions, found.rows, SCHEME).errors == []
    project = decisions.projects["carol"]
    (row,) = site.admin.download(project)["all"]
    lines = row["text"].splitlines()
    assert 'reading of anna: AMOUNT "300 rupees" = 300 NPR, per week' in lines
    assert 'reading of ben: AMOUNT "300 rupees" = 300 INR, about, per week [so far: to 2024-05-01]' in lines
    assert "remark of anna: The report is on Nepal." in lines
    assert [label for _, _, label in row["entities"]] == ["AMOUNT"]
    undecided = pull(site.admin, decisions, SCHEME, texts_of, tmp_path / "out", everything=True)
    (error,) = undecided.errors
    assert 'carol: the passage notes/0001: the annotators gave "300 rupees" different values' in error
    comment(site, "carol", project, "notes/0001", '"300 rupees" = 300 NPR, per week')
    assert pull(site.admin, decisions, SCHEME, texts_of, tmp_path / "out", everything=True).errors == []
    (decided,) = amounts_of(tmp_path / "out" / "carol").values()
    assert value_of(decided) == value_of(mine["0"])
