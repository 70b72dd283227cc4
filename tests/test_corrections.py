"""Labels put right where one reads: kept as one person's gold, of the touched labels alone; taught, and in no estimate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from msgspec.structs import replace

from conftest import Done
from ffm import load
from ffm.comparison.labelled import read_marks, told_by_marks
from ffm.errors import GoldError, ServeError
from ffm.gold.corrections import Correction, as_read, keep_correction
from ffm.gold.history import is_correction
from ffm.gold.store import read_gold, write_gold
from ffm.ingest import read_report
from ffm.project.project import Project, read_project
from ffm.records import Report, TaggedPassage
from ffm.server.correcting import make_corrector
from ffm.tagging.report import tag_report
from ffm.training.corrections import correction_examples
from serving import Answer, Served, served, shared_workers

REPORT = "harbour"
TEXT = """# Meeting with the Harbour Office

Date: 3 May 2021

**Q. Do families reject those who come back?**

Yes, they do. The village turns its back on them, and nobody gives them work.

**Q. How many beds are there?**

There are 12 beds in Vlora.
"""


@pytest.fixture
def project(here: Path, run_ffm: Callable[..., Done]) -> Project:
    """Return a project whose scheme is that of the package, with one registered report."""
    assert run_ffm("init", "port").code == 0
    scheme = Path(__file__).parents[1] / "annotations" / "scheme.toml"
    (here / "port" / "annotations" / "scheme.toml").write_bytes(scheme.read_bytes())
    path = here / "port" / "raw_text" / f"{REPORT}.md"
    path.write_text(TEXT, encoding="utf-8")
    assert run_ffm("reports", "add", path, "--project", here / "port").code == 0
    return read_project(here / "port")


@pytest.fixture
def report(project: Project) -> Report:
    return read_report(project.reports()[REPORT].path, REPORT)


def passage_of(report: Report) -> TaggedPassage:
    return next(row for row in tag_report(report, load(find_model())) if "turns its back" in row.text)


def find_model() -> Path:
    return Path(__file__).parents[1] / "models" / "ffm-en"


def correct(project: Project, report: Report, start: int, end: int, wrong: tuple[str, ...] = (), who: str = "anna", **right: str) -> Path:
    correction = Correction(
        start, end, wrong, {theme.replace("_", "-"): stance or None for theme, stance in right.items()}, "ours@1+0", ("stigma", "justice")
    )
    return keep_correction(project.corrections(), who, report, correction, project.scheme)


def place(report: Report) -> tuple[int, int]:
    start = report.text.index("Yes, they do")
    return start, report.text.index("\n", start)


def test_what_was_touched_is_known_and_nothing_else(project: Project, report: Report) -> None:
    path = correct(project, report, *place(report), wrong=("justice",), housing="")
    assert path == project.folder / "annotations" / "corrections" / "anna" / f"{REPORT}.jsonl"
    header, (record,) = read_gold(path)
    assert (header.annotator, header.made_by, header.verified) == ("anna", "human annotator", True)
    assert record.themes == ("housing",)
    assert set(record.unread) == {*project.scheme.theme_ids, *project.scheme.entity_ids} - {"justice", "housing"}
    (event,) = record.history
    assert (event.did, event.who, event.model, event.labels) == ("corrected", "anna", "ours@1+0", ("stigma", "justice"))
    assert is_correction(record.history)
    assert record.anchor is not None


def test_the_last_word_on_a_theme_counts_and_others_stay(project: Project, report: Report) -> None:
    correct(project, report, *place(report), wrong=("justice",), housing="")
    correct(project, report, *place(report), wrong=("housing",), stigma="denied")
    _, (record,) = read_gold(correct(project, report, *place(report), children=""))
    assert (record.themes, record.stance) == (("stigma", "children"), {"stigma": "denied"})
    assert not {"justice", "housing", "stigma", "children"} & set(record.unread)


def test_the_passage_is_learnt_as_it_stands_with_the_correction(project: Project, report: Report) -> None:
    start, end = place(report)
    _, (record,) = read_gold(correct(project, report, start, end, wrong=("justice",), children=""))
    read = as_read(record, project.scheme)
    assert (read.themes, read.stance, read.unread) == (("stigma", "children"), {"stigma": "reported"}, ())
    (example,), messages = correction_examples(project.corrections(), project.reports(), project.scheme)
    assert not messages
    assert example.themes == {"stigma", "children"}
    assert "Do families reject" in example.sentences[0].question


def test_no_estimate_takes_a_correction_for_a_reading(project: Project, report: Report) -> None:
    scheme, passage = project.scheme, passage_of(report)
    path = correct(project, report, passage.start, passage.end, wrong=("justice",), children="")
    header, (record,) = read_gold(path)
    whole = as_read(record, scheme)
    project.gold.mkdir(parents=True, exist_ok=True)
    write_gold(project.gold / path.name, header, [whole])
    assert read_marks(project.gold, {REPORT}) == {REPORT: [()]}
    write_gold(project.gold / path.name, header, [replace(whole, history=())])
    (marks,) = read_marks(project.gold, {REPORT})[REPORT]
    assert list(told_by_marks([marks], [passage])) == [(passage.start, passage.end)]


@pytest.mark.parametrize(
    ("wrong", "right", "why"),
    [
        ((), {}, "nothing is marked"),
        (("justice",), {"justice": ""}, "justice is marked as wrong and as missing"),
        (("weather",), {}, 'no theme "weather"'),
    ],
)
def test_a_correction_that_says_nothing_or_contradicts_itself_is_refused(
    project: Project, report: Report, wrong: tuple[str, ...], right: dict[str, str], why: str
) -> None:
    with pytest.raises(GoldError, match=why):
        correct(project, report, *place(report), wrong=wrong, **right)
    assert not list(project.corrections().rglob("*.jsonl"))


def test_places_outside_of_the_text_and_other_texts_are_refused(project: Project, report: Report) -> None:
    with pytest.raises(GoldError, match="outside of the text"):
        correct(project, report, 0, 99_999, wrong=("justice",))
    path = correct(project, report, *place(report), wrong=("justice",))
    before = path.read_bytes()
    with pytest.raises(GoldError, match="of another text"):
        correct(project, Report(REPORT, TEXT + "More."), 0, 5, wrong=("justice",))
    assert path.read_bytes() == before


# The page


class Forms(HTMLParser):
    """The forms of a page: each a list of names with values."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.boxes: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("action") == "/correct":
            self.forms.append({})
        if tag == "input" and given.get("type") == "hidden":
            self.forms[-1][given["name"]] = given["value"]
        if given.get("type") == "checkbox":
            self.boxes.append(given["value"])


@pytest.fixture
def page(project: Project) -> Iterator[Served]:
    with served(shared_workers(), corrector=make_corrector("anna", "127.0.0.1", project)) as running:
        yield running


def send(server: Served, form: dict[str, str], *more: tuple[str, str], **headers: str) -> Answer:
    body = urlencode([*form.items(), *more])
    return server.ask("POST", "/correct", body, Content_Type="application/x-www-form-urlencoded", **headers)


def test_a_person_puts_a_label_right_on_the_page(page: Served, project: Project) -> None:
    shown = page.upload("/read", "any-name.md", TEXT.encode()).text
    found = Forms(shown)
    form = next(form for form in found.forms if form["labels"])
    theme = form["labels"].split()[0].partition(":")[0]
    assert theme in found.boxes and form["report"] == REPORT
    answer = send(page, form, ("wrong", theme), ("right", "children"), ("right", ""))
    assert answer.status == 200 and "Kept as anna" in answer.text
    _, (record,) = read_gold(project.corrections() / "anna" / f"{REPORT}.jsonl")
    assert record.themes == ("children",) and theme not in record.unread
    assert TEXT[record.start : record.end].startswith("Yes, they do")
    assert record.history[0].model == form["model"] and record.history[0].labels == tuple(form["labels"].split())


def test_a_text_that_is_not_registered_is_read_and_not_corrected(page: Served) -> None:
    shown = page.upload("/read", "harbour.md", (TEXT + "More.").encode()).text
    assert not Forms(shown).forms
    assert "Corrections are kept for registered reports only" in shown


@pytest.mark.parametrize(
    ("changed", "status", "why"),
    [
        ({"report": "../../evil"}, 404, "no report of this id"),
        ({"sha256": "0" * 64}, 409, "its text is another by now"),
        ({"start": "-1"}, 400, "has no place"),
        ({"end": "999999"}, 422, "outside of the text"),
        ({"model": "x" * 501}, 400, "not a form of the reading page"),
        ({"labels": "<b>weather</b>"}, 400, "has no theme"),
    ],
)
def test_a_form_that_was_changed_is_refused(page: Served, project: Project, changed: dict[str, str], status: int, why: str) -> None:
    form = Forms(page.upload("/read", "a.md", TEXT.encode()).text).forms[0]
    answer = send(page, {**form, **changed}, ("wrong", "justice"))
    assert answer.status == status and why in answer.text
    assert "<b>" not in answer.text
    assert not list(project.folder.parent.rglob("corrections/*/*.jsonl"))


def test_a_page_of_another_site_cannot_correct(page: Served) -> None:
    form = Forms(page.upload("/read", "a.md", TEXT.encode()).text).forms[0]
    assert send(page, form, ("wrong", "justice"), Origin="http://example.org").status == 403


def test_nothing_is_corrected_where_it_was_not_asked_for() -> None:
    with served(shared_workers()) as server:
        assert not Forms(server.upload("/read", "a.md", TEXT.encode()).text).forms
        assert "start ffm serve with --corrections" in send(server, {"report": REPORT}).error


@pytest.mark.parametrize(
    ("who", "host", "why"), [("anna", "0.0.0.0", "for this machine only"), ("../anna", "127.0.0.1", "cannot name a folder")]
)
def test_corrections_are_for_one_named_person_on_this_machine(project: Project, who: str, host: str, why: str) -> None:
    with pytest.raises(ServeError, match=why):
        make_corrector(who, host, project)


def test_corrections_need_a_project(here: Path, refused: Callable[..., str]) -> None:
    assert "there is no project here" in refused("serve", "--corrections", "anna")


def test_the_answer_carries_no_script_and_the_page_s_headers(page: Served) -> None:
    form = Forms(page.upload("/read", "a.md", TEXT.encode()).text).forms[0]
    answer = send(page, form, ("right", "children"))
    assert "<script" not in answer.text and "default-src 'none'" in answer.headers["content-security-policy"]
    assert re.search(r"<title>\s*Correction", answer.text)
