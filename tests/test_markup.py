"""Clean text: what is dropped, what divides, and where each character came from."""

from __future__ import annotations

import html
import re
import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ffm.segment.markup import clean, legible, plain_source

MARKED = st.lists(
    st.sampled_from(
        ["bread", "Roses", "**", "_", "*", "#", "# ", "<b>", "</b>", "<br>", "<sup>3</sup>", "<td>", "</tr>", "[a](b)", "![a](b)", "[^1]", "(4; 12)", "(8)", "¹", "†",
         "\\", "`", "https://x.y/z", "\n", "\n\n", "\n- ", "  ", "\t", "\v", "\u00a0", "\u200b", "|", ".", ",", "é", "İ", "<!-- x -->"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


WORDS = st.lists(
    st.tuples(
        st.sampled_from(["", "**", "_", "[", "("]),
        st.sampled_from(["bread", "Roses", "caf\u0065\u0301", "9,000", "fl\u00adour", "B&amp;R", "x\\*y", "m²"]),
        st.sampled_from(["", "**", "_", "](https://x.y/z)", ")", ".", ".[footnote 3]", ".[^4]", "<sup>5</sup>", "²", "^[a note, p. 6]", "\u200b", "[7]"]),
    ).map("".join),
    max_size=8,
).map(" ".join)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plain words stay", "plain words stay"),
        ("**Bread** and _roses_ and `ovens`", "Bread and roses and ovens"),
        ("# Bread\n\nRoses", "Bread\nRoses"),
        ("see [the bread](https://x.y/z) now", "see the bread now"),
        ("bread<sup>3</sup> and the 3<sup>rd</sup> oven", "bread and the 3rd oven"),
        ("bread.¹ Roses[^2]†", "bread. Roses"),
        ("bread. (4, 24) Roses (12; 13; 14).", "bread. Roses."),
        ("12 loaves (9 of rye) and 40 (2019)", "12 loaves (9 of rye) and 40 (2019)"),
        ("bread<br>and <u>roses</u>", "bread and roses"),
        ("bread   and\nroses", "bread and roses"),
        ("bread:\n- rye\n- wheat", "bread:\n- rye\n- wheat"),
        ("at https://x.y/z bread", "at bread"),
        ("<tr><td>Rye</td><td>12</td></tr>", "Rye\n12"),
        ("paid 40 lek [£12[footnote 3]] in 2019.[footnote 4] [footnote 5]", "paid 40 lek [£12] in 2019."),
        ("six ovens,[note 7] as told[12] and [13, 14].", "six ovens, as told and [13, 14]."),
        ("Full.^[Answer 1238, in [Orto].] Others had 6 [@Miller:2006; @Baker2011, 153].", "Full. Others had 6 ."),
        ("dear[^n-1] and cold²³ at 4 m²", "dear and cold at 4 m²"),
        ("told[#3](#note3) and [\\[4\\]](https://x.y/#_ftn4) by [miller][1]", "told and by miller"),
        ("![An oven](oven.png){#fig:oven width=50%} Bread{.big}", "Bread"),
        ("bread &amp; salt&nbsp;for &#163;5 &notachar;", "bread & salt for £5 &notachar;"),
        ("\\*not bold\\* and \\[no link\\](x) 3\\. here", "*not bold* and [no link](x) 3. here"),
        ("flo\u00adur and ze\u200bro", "flour and zero"),
        ("cafe\u0301 a\u030a\u0301", "café ǻ"),
        ("\uf0b7 rye \ufffc\x07wheat", "rye wheat"),
        ("[1]: https://x.y/z 'The mill'\nbread", "bread"),
        ("see ![](data:image/png;base64,iVBORw0KGgo=) and <data:image/png;base64,iVBO/+=> here", "see and here"),
    ],
)
def test_clean_text_keeps_words_and_drops_markup(source: str, text: str) -> None:
    assert clean(source).text == text


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("| Town | Loaves |\n|---|---|\n| Vlora | 171(5) |", "Town\nLoaves\nVlora\n171"),
        ("Town\tLoaves\nVlora\t12", "Town\nLoaves\nVlora\n12"),
        ("Town      Loaves\nVlora     12", "Town\nLoaves\nVlora\n12"),
        ("|Ministry of Bread,<br>and Roses|Bakes|", "Ministry of Bread, and Roses\nBakes"),
    ],
)
def test_cells_of_a_table_are_lines(table: str, text: str) -> None:
    assert len(plain_source(table)) == len(table)
    assert clean(plain_source(table)).text == text


@given(st.one_of(MARKED, st.text(max_size=80)))
def test_every_character_comes_from_its_place_in_the_source(source: str) -> None:
    made = clean(source)
    assert len(made.text) == len(made.index) == len(made.ends)
    assert all(left <= right for left, right in pairwise(made.index))
    assert all(left <= right for left, right in pairwise(made.ends))
    for character, start, end in zip(made.text, made.index, made.ends, strict=True):
        assert 0 <= start < end <= len(source)
        written = source[start:end]
        assert character in " \n" or character in unicodedata.normalize("NFC", html.unescape(written.removeprefix("\\") or written))


@given(WORDS)
def test_a_range_of_clean_words_is_that_of_its_source(source: str) -> None:
    made = clean(source)
    for match in re.finditer(r"\w+", made.text):
        start, end = made.source_range(*match.span())
        assert clean(source[start:end]).text == match.group()


@given(st.one_of(MARKED, WORDS), st.data())
def test_no_other_clean_character_comes_from_a_range(source: str, data: st.DataObject) -> None:
    made = clean(source)
    if made.text:
        start = data.draw(st.integers(0, len(made.text) - 1))
        end = data.draw(st.integers(start + 1, len(made.text)))
        left, right = made.source_range(start, end)
        within = [at for at in range(len(made.text)) if left <= made.index[at] and made.ends[at] <= right]
        assert set(range(start, end)) <= set(within)
        assert all(at in range(start, end) or made.index[at] in (made.index[start], made.index[end - 1]) for at in within)


@given(st.text(max_size=200))
def test_a_legible_text_has_the_same_length_and_lines(source: str) -> None:
    shown = legible(source)
    assert len(shown) == len(source)
    assert [at for at, character in enumerate(shown) if character == "\n"] == [
        at for at, character in enumerate(source) if character == "\n"
    ]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("---\ntitle: Ovens\nby:\n- A. Miller\n...\n\nBread.", ["Bread."]),
        ("---\n\nBread after a rule.\n\n---\n", ["---", "Bread after a rule.", "---"]),
        ("Bread.\n\n[1]: https://x.y/z\n[i]: <data:image/png;base64,AAAA>\n", ["Bread."]),
        ("![Map](map.png){#fig:map}\n\n::: box\nBread.\n:::\n", ["Bread."]),
        ("[^1]: A note stays.\n", ["[^1]: A note stays."]),
        ("\U00100000 rye\n\ufffc\ufffcwheat\x07", ["• rye", "wheat"]),
    ],
)
def test_what_has_no_words_is_no_line_of_a_legible_text(source: str, lines: list[str]) -> None:
    assert [line.strip() for line in legible(source).splitlines() if line.strip()] == lines


@given(st.one_of(MARKED, st.text(max_size=80)))
def test_clean_text_has_single_white_space_and_none_outside(source: str) -> None:
    text = clean(source).text
    assert text == text.strip(" \n")
    assert not any(left in " \n" and right in " \n" for left, right in pairwise(text))


@given(MARKED)
def test_a_range_of_the_clean_text_covers_its_source(source: str) -> None:
    made = clean(source)
    if made.text:
        start, end = made.source_range(0, len(made.text))
        assert 0 <= start < end <= len(source)


@given(st.lists(st.text(alphabet="abcé", min_size=1, max_size=5), max_size=8).map(" ".join))
def test_plain_words_are_their_own_clean_text(source: str) -> None:
    assert clean(source).text == source
    assert clean(source).index == tuple(range(len(source)))


@pytest.mark.parametrize("unit", ["(", ")", "%", "<", ".", '"', "€", "[", "(a", "[a", "a", "a.", "<!--", "(4; ", "👨", "1,", "&", "_"])
def test_a_long_run_without_spaces_is_divided_in_little_time(unit: str) -> None:
    started = time.process_time()
    made = clean(f"Bread {unit * (60_000 // len(unit))} roses")
    assert time.process_time() - started < 5
    assert max(map(len, made.text.split())) <= 200
    assert made.text.startswith("Bread") and made.text.endswith("roses")


def test_words_and_leaders_are_not_divided() -> None:
    for source in ("a" * 199, "bread" + "." * 39 + "12", "x" * 60 + "-" * 30 + "y" * 60):
        assert clean(source).text == source
