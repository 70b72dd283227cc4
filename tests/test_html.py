"""Web pages: the main text with its headings, lists, tables and notes, and nothing of the site."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ffm.errors import ReportError
from ffm.ingest import read_report
from ffm.segment import segment
from pages import PAGES, TEXT


def text_of(tmp_path: Path, body: str, name: str = "page.html") -> str:
    (tmp_path / name).write_text(body, encoding="utf-8")
    return read_report(tmp_path / name).text


@pytest.mark.parametrize("template", PAGES)
def test_of_every_template_the_same_text_is_read(tmp_path: Path, template: str) -> None:
    (tmp_path / "page.html").write_text(PAGES[template], encoding="utf-8")
    passages = segment(read_report(tmp_path / "page.html")).passages
    assert [(passage.section, passage.text) for passage in passages] == [(title, text) for title, texts in TEXT.items() for text in texts]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<h1>Ovens</h1><h3>Cold ones</h3><p>Four are cold.</p>", "# Ovens\n\n### Cold ones\n\nFour are cold.\n"),
        ("<p>Baked here:</p><ul><li>rye<ul><li>dark</li></ul></li><li>wheat</li></ul>", "Baked here:\n\n- rye\n   - dark\n- wheat\n"),
        ("<p>Steps:</p><ol start=3><li>Mill it.</li><li>Bake it.</li></ol>", "Steps:\n\n3. Mill it.\n4. Bake it.\n"),
        ("<p>Bread is<br>dear.</p><p>One<br><br>Two</p>", "Bread is\ndear.\n\nOne\n\nTwo\n"),
        ("<div>Loose words<p>and a paragraph</p>and more</div>", "Loose words\n\nand a paragraph\n\nand more\n"),
        ("<p>Nine&nbsp;ovens, fl\u00adour\u200b and &lt;salt&gt;</p>", "Nine ovens, flour and \\<salt>\n"),
        ("<p># Not a heading</p><p>A * star and *two* of it</p>", "\\# Not a heading\n\nA * star and \\*two\\* of it\n"),
        ("<p><b>Bakers</b></p><p>They <b>bake</b> at night.</p>", "**Bakers**\n\nThey bake at night.\n"),
        ("<p>The <del>old</del> <ins>new</ins> oven, the 3<sup>rd</sup>.</p>", "The new oven, the 3rd.\n"),
        ("<p>Picture:<img src='data:image/png;base64,AAAA' alt='an oven'> here</p>", "Picture: here\n"),
        ("<dl><dt>Date</dt><dd>3 May 2019</dd></dl>", "Date: 3 May 2019\n"),
        (
            "<table><tr><th>Town</th><th>Ovens | mills</th></tr><tr><td>Orto</td><td><p>9</p></td></tr></table>",
            "| Town | Ovens \\| mills |\n| --- | --- |\n| Orto | 9 |\n",
        ),
        (
            "<table><tr><th>Town</th><th>Year</th><th>Ovens</th></tr><tr><td rowspan=2>Orto</td><td>2018</td><td>9</td></tr>"
            "<tr><td>2019</td><td>7</td></tr><tr><td>Lenta</td><td colspan=2>none</td></tr></table>",
            "| Town | Year | Ovens |\n| --- | --- | --- |\n| Orto | 2018 | 9 |\n|  | 2019 | 7 |\n| Lenta | none |  |\n",
        ),
        (
            '<p>It pays €40.<sup><a href="#n1" id="r1">[1]</a></sup></p><ol><li id="n1">A miller said so. <a href="#r1">↩</a></li></ol>',
            "It pays €40.[^1]\n\n[^1]: A miller said so.\n",
        ),
    ],
)
def test_elements_become_markdown(tmp_path: Path, body: str, text: str) -> None:
    assert text_of(tmp_path, f"<html><body>{body}</body></html>") == text


def test_notes_of_an_export_lead_to_their_notes(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        '<html><body><h1>Ovens</h1><p>Flour costs 9 lek<a href="#_ftn1" name="_ftnref1"><span>[1]</span></a> a bag in the town of Orto today.</p>'
        '<div><hr><div id="ftn1"><p><a href="#_ftnref1" name="_ftn1"><span>[1]</span></a> Bakers in Orto, 2019.</p></div></div></body></html>',
    )
    assert text == "# Ovens\n\nFlour costs 9 lek[^1] a bag in the town of Orto today.\n\n[^1]: Bakers in Orto, 2019.\n"
    assert [passage.kind for passage in segment_text(text)] == ["paragraph", "footnote"]


def segment_text(text: str) -> list:
    from ffm.records import Report

    return list(segment(Report("page", text)).passages)


@pytest.mark.parametrize("name", ["page.txt", "page.md", "page.htm"])
def test_a_page_is_known_under_another_name(tmp_path: Path, name: str) -> None:
    page = "<!-- saved from a site -->\n<!DOCTYPE html>\n<html><head><style>p{color:red}</style></head><body><nav>Home</nav><h2>Ovens</h2><p>Nine.</p></body></html>"
    assert text_of(tmp_path, page, name) == "## Ovens\n\nNine.\n"


def test_a_page_in_utf8_that_declares_another_encoding(tmp_path: Path) -> None:
    page = "<html><head><meta charset=windows-1252></head><body><p>Flour costs €40 in Gjirokastër.</p></body></html>"
    assert text_of(tmp_path, page) == "Flour costs €40 in Gjirokastër.\n"


def test_text_that_speaks_of_html_is_none(tmp_path: Path) -> None:
    assert text_of(tmp_path, "The <html> element.\n", "page.md") == "The <html> element.\n"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b'<html><head><meta charset="iso-8859-1"></head><body><p>Caf\xe9 \x93Orto\x94</p></body></html>', "Café “Orto”\n"),
        ("<html><body><p>Café “Orto”</p></body></html>".encode(), "Café “Orto”\n"),
        ("\ufeff<html><body><p>Café</p></body></html>".encode("utf-16-le"), "Café\n"),
        (b'<html><head><meta charset="hex"></head><body><p>plain</p></body></html>', "plain\n"),
    ],
)
def test_a_page_is_read_in_its_encoding(tmp_path: Path, data: bytes, text: str) -> None:
    (tmp_path / "page.html").write_bytes(data)
    assert read_report(tmp_path / "page.html").text == text


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 3_000 + "Bread is dear in Orto this year, said the miller of the town." + "</div>" * 3_000,
        "<ul><li>" * 2_000 + "Bread",
        "<table><tr><td>" * 1_000 + "Bread is dear in Orto this year.",
        "<p " + " ".join(f"a{number}=1" for number in range(5_000)) + ">Bread is dear.</p>",
        "<p>" * 20_000 + "Bread",
        "<!--" * 10_000 + "--><p>Bread</p>",
    ],
)
def test_a_page_of_odd_elements_is_read_in_little_time(tmp_path: Path, page: str) -> None:
    started = time.perf_counter()
    assert "Bread" in text_of(tmp_path, f"<html><body>{page}</body></html>")
    assert time.perf_counter() - started < 20


def test_a_page_whose_elements_multiply_is_refused(tmp_path: Path) -> None:
    page = "<html><body>" + "".join(f"<p><b id={number}>" for number in range(12_000))
    with pytest.raises(ReportError, match=r"memory|longer"):
        text_of(tmp_path, page)


def test_a_page_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no text beside its menus"):
        text_of(tmp_path, "<html><body><nav><a href='/'>Home</a></nav><script>var a;</script></body></html>")


def test_a_heading_by_its_role_is_a_heading(tmp_path: Path) -> None:
    words = "The ferry leaves the harbour twice a day, and nobody checks how many people it carries across the sound. "
    parts = [f'<div role="heading" aria-level="2">{name}</div><p>{words * 3}</p><p>{words * 2}</p>' for name in ("Ferries", "Checks")]
    page = tmp_path / "page.html"
    page.write_text(f"<html lang=en><body><main><h1>Boats</h1>{''.join(parts)}</main></body></html>", encoding="utf-8")
    text = read_report(page).text
    assert "## Ferries\n" in text and "## Checks\n" in text
