"""The reading page and the comparison in a real browser: hostile texts are inert, marks stand on their words, nothing leaves the screen."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ffm.comparison import compare
from ffm.project.project import find_project
from ffm.records import TaggedPassage
from ffm.server.access import Access
from ffm.tagging.dataset import read_file
from ffm.tagging.frames import rows_of
from ffm.tagging.report import tag
from ffm.tagging.writers import write_rows
from serving import Served, served, shared_workers

playwright = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "raw_text" / "albania-ffm-2022-digest.md"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ATTACK = "document.title='owned';window.owned=1;alert(1)"
HOSTILE = (
    f'</textarea></style></p><script>{ATTACK}</script> <img src=x onerror="{ATTACK}"> <svg/onload={ATTACK}> '
    f"<a href='javascript:{ATTACK}'>UNICEF</a> <style>body{{display:none}}</style> <iframe srcdoc='<script>parent.{ATTACK}</script>'></iframe> "
    f"{{{{ 7*7 }}}} {{% for x in range(9) %}}x{{% endfor %}} ${{7*7}} <!-- <meta http-equiv=refresh content='0;url=http://evil.example/'>"
)
CLICKED = 200  # links of the comparison's page
EMOJI = """# 😀 Meeting with UNICEF 👨‍👩‍👧

Date: 3 May 2021

**Q. 🚲🚲 Who pays UNICEF in Tirana?**

😀😀 The Ministry of Interior pays 9,000 lek 👨‍👩‍👧 to 12 shelters in Tirana 🇦🇱; 𝒳 and UNICEF pay 15% in Kukës.
"""


def tagged_samples(folder: Path) -> Path:
    """Tag two of the project's samples into a file."""
    rows = [
        row for name in ("albania-ffm-2018-digest", "albania-ffm-2022-digest") for row in rows_of(tag(ROOT / "raw_text" / f"{name}.md"))
    ]
    write_rows(rows, folder / "samples.jsonl", ".jsonl")
    return folder / "samples.jsonl"


def chromium() -> str | None:
    """Return where a browser is: the one of the environment, the system's or playwright's own."""
    named = os.environ.get("CHROMIUM")
    found = named or next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        with playwright.sync_playwright() as play:
            found = play.chromium.executable_path
    return found if Path(found).is_file() else None


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here")
    with playwright.sync_playwright() as play:
        running = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served(shared_workers()) as running:
        yield running


class Watched:
    """A page that takes note of dialogs, faults and requests."""

    def __init__(self, browser, **options) -> None:
        self.page = browser.new_page(**options)
        self.page.set_default_timeout(30_000)
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.page.on("dialog", self._dialog)
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _dialog(self, dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def paste(self, server: Served, text: str):
        self.page.goto(server.address)
        self.page.fill("#text", text)
        self.page.click("text=Read it")
        self.page.wait_for_selector("article")
        return self.page

    def upload(self, server: Served, path: Path):
        self.page.goto(server.address)
        self.page.set_input_files("#file", path)
        self.page.click("text=Read it")
        self.page.wait_for_selector("article")
        return self.page

    def is_inert(self) -> bool:
        assert not self.faults
        assert self.page.evaluate("window.owned === undefined && document.title !== 'owned'")
        assert self.page.locator("script, img, iframe, svg[onload], a[href^='javascript'], meta[http-equiv=refresh]").count() == 0
        return self.page.locator("h1").is_visible()


@pytest.fixture
def watched(browser) -> Iterator[Watched]:
    page = Watched(browser)
    yield page
    page.page.close()


def marks(page) -> list[tuple[str, str]]:
    """Return the label and the words of what is marked in passages and questions."""
    found = page.locator(".exchange mark").all()
    return [(mark.get_attribute("data-label"), mark.evaluate("element => element.textContent")) for mark in found]


class TestReadingPage:
    def test_hostile_text_is_inert(self, server, watched):
        text = f"# {HOSTILE}\n\nDate: 3 May 2021\n\n**Q. {HOSTILE}?**\n\nA. {HOSTILE} UNICEF has 12 beds {HOSTILE}\n\n| {HOSTILE} | 12 |\n|---|---|\n| Vlora | 3 |\n"
        page = watched.paste(server, text)
        assert watched.is_inert()
        assert HOSTILE in page.locator("blockquote").first.inner_text()
        assert "<svg/onload=" in page.locator("h2").first.inner_text()
        assert {url.removeprefix(server.address) for url in watched.requests} == {"", "read"}

    def test_a_hostile_file_name_is_inert(self, server, watched, tmp_path):
        path = tmp_path / f"<img src=x onerror={ATTACK.partition(';')[0]}>.md"
        path.write_text("UNICEF has 12 beds.", encoding="utf-8")
        watched.upload(server, path)
        assert watched.is_inert()

    def test_marks_stand_on_the_words_of_the_entities(self, server, watched):
        rows = [json.loads(line) for line in server.send("/tag", {"text": EMOJI}).text.splitlines()]
        expected = [(entity["label"], entity["text"]) for row in rows for entity in (*row["question_entities"], *row["entities"])]
        assert ("ORG", "Ministry of Interior") in expected and ("AMOUNT", "9,000 lek") in expected and ("PLACE", "Kukës") in expected
        page = watched.paste(server, EMOJI)
        assert marks(page) == expected
        (text,) = (row["text"] for row in rows)
        assert (
            page.locator("blockquote").evaluate(
                "quote => { const copy = quote.cloneNode(true); copy.querySelectorAll('.value').forEach(node => node.remove()); return copy.textContent; }"
            )
            == text
        )

    def test_every_entity_of_a_report_is_marked(self, server, watched):
        rows = [json.loads(line) for line in server.upload("/tag", SAMPLE.name, SAMPLE.read_bytes()).text.splitlines()]
        page = watched.upload(server, SAMPLE)
        shown = page.evaluate("[...document.querySelectorAll('article mark')].map(mark => [mark.dataset.label, mark.textContent])")
        assert [tuple(mark) for mark in shown] == [(entity["label"], entity["text"]) for row in rows for entity in row["entities"]]
        assert page.locator("article").count() == len(rows)
        assert not watched.faults

    def test_a_theme_shows_its_passages_only(self, server, watched):
        rows = [json.loads(line) for line in server.upload("/tag", SAMPLE.name, SAMPLE.read_bytes()).text.splitlines()]
        page = watched.upload(server, SAMPLE)
        visible = "[...document.querySelectorAll('article')].filter(item => item.checkVisibility()).map(item => item.querySelector('bdi').textContent)"
        assert len(page.evaluate(visible)) == len(rows)
        for theme in find_project().scheme.core_ids:
            page.check(f"#only-{theme}")
            assert page.evaluate(visible) == [row["passage"] for row in rows if theme in row["labels"]]
            name = next(item.name for item in find_project().scheme.theme if item.id == theme)
            assert page.locator(".note").inner_text().count(f"{name}:") == 1
        shown = "[...document.querySelectorAll('.exchange')].filter(item => item.checkVisibility())"
        assert page.evaluate(f"{shown}.every(item => item.querySelector('article.t-{theme}'))")
        page.check("#only-all")
        assert len(page.evaluate(visible)) == len(rows)

    def test_themes_tell_score_and_stance(self, server, watched):
        rows = [json.loads(line) for line in server.upload("/tag", SAMPLE.name, SAMPLE.read_bytes()).text.splitlines()]
        row = next(row for row in rows if "denied" in row["stance"].values())
        theme = next(theme for theme, stance in row["stance"].items() if stance == "denied")
        article = watched.upload(server, SAMPLE).locator("article", has=watched.page.locator(f"bdi:text-is('{row['passage']}')"))
        assert f"{row['scores'][theme]:.2f} denied" in article.locator(f".c-{theme}").inner_text()

    def test_an_amount_shows_its_value_by_mouse_and_by_keyboard(self, server, watched):
        page = watched.paste(server, EMOJI)
        amount = page.locator(".amount", has_text="9,000 lek")
        value = amount.locator("[role=tooltip]")
        assert not value.is_visible()
        amount.hover()
        assert value.is_visible() and value.inner_text() == "money: 9,000 ALL"
        page.mouse.move(0, 0)
        assert not value.is_visible()
        for _ in range(60):
            page.keyboard.press("Tab")
            if value.is_visible():
                break
        assert value.is_visible()

    def test_a_passage_has_an_address(self, server, watched):
        page = watched.upload(server, SAMPLE)
        article = page.locator("article").nth(30)
        article.locator("a").first.click()
        assert page.url.endswith(f"/read#{article.get_attribute('id')}")
        assert article.evaluate("item => item.matches(':target')")

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_nothing_leaves_a_narrow_screen(self, server, browser, scheme):
        watched = Watched(browser, viewport={"width": 360, "height": 740}, color_scheme=scheme)
        page = watched.page
        width = "document.documentElement.scrollWidth"
        page.goto(server.address)
        assert page.evaluate(width) == 360
        page = watched.paste(
            server, SAMPLE.read_text(encoding="utf-8") + f"\n\n## {'A' * 300}\n\nThe {'x' * 500} has 12 beds in {'Y' * 200}.\n"
        )
        assert page.evaluate(width) == 360
        for amount in page.locator(".amount").all()[:12]:
            amount.focus()
            assert page.evaluate(width) == 360
        page.close()

    def test_letters_contrast_with_their_ground(self, server, browser):
        for scheme in ("light", "dark"):
            page = Watched(browser, color_scheme=scheme).paste(server, EMOJI)
            for text, ground in (
                ("blockquote", ".passage"),
                (".where", ".passage"),
                (".question", "body"),
                (".themes .n, .where", ".passage"),
            ):
                assert contrast(page, text, ground) >= 4.5, (scheme, text)
            page.close()

    def test_print_shows_the_text_and_leaves_out_the_filter(self, server, watched):
        page = watched.paste(server, EMOJI)
        page.emulate_media(media="print")
        assert page.locator("blockquote").is_visible() and not page.locator("aside").is_visible()

    def test_signing_in(self, browser):
        with served(shared_workers(), Access(loopback=False, token="a-token-of-the-tests-0123")) as closed:
            watched = Watched(browser)
            page = watched.page
            page.goto(closed.address)
            page.fill("#token", "wrong")
            page.click("button")
            assert page.locator("[role=alert]").is_visible()
            page.fill("#token", "a-token-of-the-tests-0123")
            page.click("button")
            page.wait_for_selector("#text")
            assert page.evaluate("document.cookie") == ""
            watched.paste(closed, EMOJI)
            page.goto(closed.address)
            page.click("text=Sign out")
            page.wait_for_selector("#token")
            page.close()


def contrast(page, text: str, ground: str) -> float:
    """Return the contrast of a text's colour with a ground's, after WCAG 2."""

    def luminance(selector: str, name: str) -> float:
        colour = page.locator(selector).first.evaluate(f"element => getComputedStyle(element).{name}")
        shares = [int(part) / 255 for part in colour.removeprefix("rgb(").rstrip(")").split(",")[:3]]
        red, green, blue = (share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(text, "color"), luminance(ground, "backgroundColor")))
    return (high + 0.05) / (low + 0.05)


class TestComparison:
    def test_hostile_text_is_inert(self, watched, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "raw_text").mkdir()
        (tmp_path / "raw_text" / "reports.toml").write_text(
            f"[hills]\nfile = 'x.md'\ntitle = {json.dumps(HOSTILE)}\npublisher = {json.dumps(HOSTILE)}\ncovers = '2020'\n", encoding="utf-8"
        )
        theme = find_project().scheme.core_ids[0]
        rows = [
            TaggedPassage(
                report="hills",
                passage=f"{HOSTILE}/0001",
                kind="answer",
                start=100,
                end=100 + len(HOSTILE),
                section=HOSTILE,
                source=HOSTILE,
                source_type=None,
                date=HOSTILE,
                date_conflict=None,
                page=None,
                question=HOSTILE,
                question_start=0,
                question_parts=((0, len(HOSTILE)),),
                parts=((100, 100 + len(HOSTILE)),),
                text=HOSTILE,
                scores={theme: 0.9},
                labels=(theme,),
                stance={theme: "denied"},
            )
        ]
        (tmp_path / "a.jsonl").write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
        compare([tmp_path / "a.jsonl"]).write(tmp_path / "out")
        address = (tmp_path / "out" / "comparison.html").as_uri()
        watched.page.goto(address)
        for summary in watched.page.locator("summary").all():
            summary.click()
        assert not watched.faults and watched.page.locator("script").count() == 1
        assert watched.page.evaluate("window.owned === undefined && document.title !== 'owned'")
        assert watched.page.locator("img, iframe, svg[onload], a[href^='javascript'], meta[http-equiv=refresh]").count() == 0
        assert HOSTILE in watched.page.locator("blockquote").first.inner_text()
        assert watched.requests == [address]

    def test_every_number_leads_to_exactly_its_quotes(self, watched, tmp_path):
        rows = read_file(tagged_samples(tmp_path))
        compare(rows).write(tmp_path / "out")
        watched.page.goto((tmp_path / "out" / "comparison.html").as_uri())
        links = watched.page.evaluate("[...document.querySelectorAll('a[data-only]')].map((link) => link.dataset.only)")
        assert len(links) >= CLICKED
        step = len(links) // CLICKED
        for number in range(0, step * CLICKED, step):
            only = json.loads(links[number])
            watched.page.evaluate("(number) => document.querySelectorAll('a[data-only]')[number].click()", number)
            shown = watched.page.evaluate(
                "[...document.querySelectorAll('article.quote:not([hidden])')].filter((quote) => quote.offsetParent)"
                ".map((quote) => [quote.id, quote.dataset.themes, quote.dataset.stances, quote.dataset.source])"
            )
            assert shown, only
            assert watched.page.locator("#shown").get_attribute("data-shown") == str(len(shown))
            if "quotes" in only:
                assert [quote for quote, *_ in shown] == sorted(only["quotes"].split(), key=[quote for quote, *_ in shown].index)
            else:
                assert all(only["theme"] in themes.split() for _, themes, _, _ in shown)
            if "stance" in only:
                assert all(f"{only['theme']}={only['stance']}" in stances.split() for _, _, stances, _ in shown)
        assert not watched.faults
