"""The whole round as annotators and their coordinator go it, with the sample digests, through the command line."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import run_in_process
from doccano.conftest import PASSWORD, Room, Site, passages_of
from ffm.doccano.client import Server
from ffm.doccano.local_server import Installation
from ffm.doccano.setup import set_up
from ffm.gold.annotators import read_annotations
from ffm.gold.store import read_gold
from ffm.project.project import find_project
from ffm.records import THEMED_KINDS, Entity

pytestmark = pytest.mark.slow
SCHEME = find_project().scheme
CHECKOUT = Path(__file__).parents[2]
DIGESTS = [CHECKOUT / "raw_text" / f"albania-{name}-digest.md" for name in ("ffm-2018", "tip-2021")]


@pytest.fixture(scope="session")
def digests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("digests") / "tagged.jsonl"
    done = run_in_process("tag", *DIGESTS, "-o", path)
    assert done.code == 0, done.err
    return path


def confirm(site: Site, user: str, project: str, change: dict[str, Callable[[Any, int, int], None]] | None = None) -> int:
    """Confirm all passages of a project as a user, after changing some; return how many."""
    client = site.as_user(user)
    number = next(item.id for item in site.admin.projects() if item.name == project)
    examples = list(client._base_repository.get(f"projects/{number}/examples", params={"limit": 500}).json()["results"])
    for example in examples:
        if change and example["meta"]["passage"] in change:
            change[example["meta"]["passage"]](client, number, example["id"])
        client.update_example_state(number, example["id"])
    return len(examples)


def test_two_annotators_with_suggestions_disagree_a_third_decides_and_gold_is_merged(
    site: Site, command: Callable[..., Any], run_ffm: Callable[..., Any], digests: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CHECKOUT)
    out = digests.parent / name
    assert command("setup", name, "-a", "anna", "-a", "ben").out.splitlines() == [
        f'"{name}: anna": made',
        f'"{name}: anna": anna is a member',
        f'"{name}: ben": made',
        f'"{name}: ben": ben is a member',
    ]
    assert command("setup", name, "-a", "anna", "-a", "ben").out == f'"{name}": all is as it should be\n'
    pushed = command("push", name, digests)
    assert (pushed.code, pushed.err) == (0, "")
    sent = int(re.findall(r'anna": (\d+) passages sent, 0 there already', pushed.out)[0])
    assert command("push", name, digests).out.count(f"0 passages sent, {sent} there already") == 2
    assert [line.split()[-3:] for line in command("status", name).out.splitlines()[1:]] == [["0", str(sent), "0%"]] * 2
    early = command("pull", name, "-o", out)
    assert (early.code, early.out) == (0, "")
    assert early.errors == [f'notice: "{name}: {user}": {user} has confirmed no passages yet' for user in ("anna", "ben")]

    target = "albania-tip-2021-digest/0002"

    def add_label(client: Any, project: int, example: int) -> None:
        label = next(item.id for item in client.list_label_types(project, "category") if item.text == "stigma:denied")
        client.create_category(project, example, label)

    assert confirm(site, "anna", f"{name}: anna") == sent
    confirm(site, "ben", f"{name}: ben", {target: add_label})
    assert [line.split()[-3:] for line in command("status", name).out.splitlines()[1:]] == [[str(sent), str(sent), "100%"]] * 2
    pulled = command("pull", name, "-o", out)
    assert (pulled.code, pulled.err) == (0, "")
    header, records = read_gold(out / "ben" / "albania-tip-2021-digest.jsonl")
    assert (header.annotator, header.verified) == ("ben", True)
    assert any(record.stance.get("stigma") == "denied" for record in records)

    judged = f"{name} judged"
    done = command("adjudicate", judged, out / "anna", out / "ben", "--tagged", digests, "-a", "carol")
    assert done.out.splitlines()[-2:] == [f"1 of {sent} passages differ", f'"{judged}: carol": 1 passage sent, 0 there already']
    project = next(item for item in site.admin.projects() if item.name == f"{judged}: carol")
    (row,) = site.admin.download(project)["all"]
    assert row["passage"] == target
    assert {"reading of anna: none of these", "reading of ben: stigma:denied"} <= set(row["text"].splitlines())
    assert "stigma:denied" not in row["cats"]
    again = command("adjudicate", judged, out / "anna", out / "ben", "--tagged", digests, "-a", "carol")
    assert again.out.splitlines()[-1] == f'"{judged}: carol": 0 passages sent, 1 there already'
    confirm(site, "carol", f"{judged}: carol")
    assert command("pull", judged, "-o", out).code == 0
    header, records = read_gold(out / "carol" / "albania-tip-2021-digest.jsonl")
    assert (header.annotator, len(records)) == ("adjudicated", 1)
    assert run_ffm("agreement", out / "anna", out / "ben").code == 0
    merged = run_ffm("gold", "merge", out / "anna", out / "ben", out / "carol", "-o", out / "gold")
    assert (merged.code, merged.err) == (0, "")
    assert "1 adjudicated" in merged.out


def test_a_shared_out_round_that_is_not_finished_becomes_gold_beside_that_of_the_project(
    site: Site,
    command: Callable[..., Any],
    run_ffm: Callable[..., Any],
    digests: Path,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(CHECKOUT)
    share = ("setup", name, "-a", "anna", "-a", "ben", "--per-passage", "1", "--overlap")
    assert command(*share, "0.3").code == 0
    assert command("setup", name, "-a", "anna", "-a", "ben").out == f'"{name}": all is as it should be\n'
    assert command(*share, "0.5").errors == [
        f'error: {site.address}: "{name}" is shared out as 1 a passage, overlap 0.3; choose another name'
    ]
    assert command("push", name, digests).code == 0
    projects = {project.name.removeprefix(f"{name}: "): project for project in site.admin.projects() if project.name.startswith(name)}
    rows = {user: {row["id"]: row["passage"] for row in site.admin.download(project)["all"]} for user, project in projects.items()}
    mine, others = (set(rows[user].values()) for user in ("anna", "ben"))
    evidence = [
        row for row in map(json.loads, digests.read_text().splitlines()) if row["kind"] in THEMED_KINDS and row["part"] == "evidence"
    ]
    assert mine | others == {row["passage"] for row in evidence}
    assert 0.15 < len(mine & others) / len(mine | others) < 0.45
    assert 0.5 < len(mine) / len(others) < 2

    client = site.as_user("anna")
    example = sorted(rows["anna"])[-1]
    types = {item.text: item.id for item in client.list_label_types(projects["anna"].id, "category")}
    for category in client.list_categories(projects["anna"].id, example):
        client.delete_category(projects["anna"].id, example, category.id)
    for text in ("stigma:denied", "stigma"):
        client.create_category(projects["anna"].id, example, types[text])
    (line,) = command("status", name).errors
    address = f"{site.address}/projects/{projects['anna'].id}/intent-detection-and-slot-filling?page={len(rows['anna'])}"
    assert line == (
        f'error: "{name}: anna": the passage {rows["anna"][example]}: the theme "stigma" is marked as reported and as denied; '
        f"correct it at {address}"
    )
    for user in ("anna", "ben"):
        assert confirm(site, user, f"{name}: {user}") == len(rows[user])
    (line,) = command("pull", name, "-o", tmp_path).errors
    assert line.endswith(f"correct it in doccano, at {address}")
    client.update_example_state(projects["anna"].id, example)  # which takes the confirmation back
    (line,) = command("pull", name, "-o", tmp_path).errors
    assert line == (
        f'notice: "{name}: anna": 1 passage not confirmed yet and left out, the first at {address.partition("?")[0]}?page=1&isChecked=false'
    )
    sets = [tmp_path / "anna", tmp_path / "ben"]
    shared = (mine & others) - {rows["anna"][example]}
    alone = (mine | others) - shared - ({rows["anna"][example]} - others)
    found = command("adjudicate", f"{name} judged", *sets, "--tagged", digests, "-a", "carol")
    assert found.out == f"{len(shared)} passages compared, none differs; no project is needed\n"
    assert found.err.startswith(f"notice: {len(alone)} passages left out that one annotator alone read (anna: ")
    offered = command("adjudicate", f"{name} judged", *sets, "--tagged", digests, "-a", "carol", "--one-sided")
    assert f'"{name} judged: carol": {len(alone)} passages sent' in offered.out
    confirm(site, "carol", f"{name} judged: carol")
    assert command("pull", f"{name} judged", "-o", tmp_path).code == 0
    merged = run_ffm("gold", "merge", *sets, tmp_path / "carol", "-o", tmp_path / "decided")
    assert (merged.code, merged.err) == (0, "")
    left = run_ffm("gold", "merge", *sets, "-o", tmp_path / "left", "--one-sided", "leave")
    assert left.out.endswith(f"{len(shared)} ranges: {len(shared)} agreed, 0 adjudicated\n")
    joined = run_ffm("gold", "join", "annotations/gold", tmp_path / "decided", "-o", tmp_path / "joined", "--later")
    assert joined.code == 0, joined.err
    assert {path.name for path in (CHECKOUT / "annotations" / "gold").glob("*.jsonl")} == {
        path.name for path in (tmp_path / "joined").glob("*.jsonl")
    }
    trained = run_ffm("train", "--quick", "--gold", tmp_path / "decided", "-o", tmp_path / "model")
    assert trained.code == 0, trained.err
    assert f"trained on {len(shared | alone)} passages of 2 reports" in trained.out


def test_blind_annotators_do_not_see_each_other_and_are_pulled_apart(
    site: Site, command: Callable[..., Any], digests: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CHECKOUT)
    assert command("setup", name, "-a", "anna", "-a", "ben", "--blind").code == 0
    assert command("push", name, digests).code == 0
    target = "albania-tip-2021-digest/0002"

    def label_as(text: str) -> Callable[[Any, int, int], None]:
        def change(client: Any, project: int, example: int) -> None:
            label = next(item.id for item in client.list_label_types(project, "category") if item.text == text)
            client.create_category(project, example, label)

        return change

    confirm(site, "anna", name, {target: label_as("justice")})
    client = site.as_user("ben")
    number = next(item.id for item in site.admin.projects() if item.name == name)
    example = next(item for item in client.list_examples(number) if item.meta["passage"] == target)
    assert client.list_categories(number, example.id) == []  # anna's mark is not shown
    label_as("stigma")(client, number, example.id)
    client.update_example_state(number, example.id)
    done = command("pull", name, "-o", tmp_path)
    assert (done.code, done.err) == (0, "")
    anna, ben = (read_annotations(tmp_path / user) for user in ("anna", "ben"))
    assert sum(map(len, ben.records.values())) == 1
    ((where, record),) = ben.records["albania-tip-2021-digest"].items()
    assert (record.themes, record.stance) == (("stigma",), {"stigma": "reported"})
    assert anna.records["albania-tip-2021-digest"][where].themes == ("justice",)


def test_auto_labelling_is_configured_once_and_its_answer_becomes_marks(site: Site, room: Room) -> None:
    text = '😀 UNICEF: <b>"{{ 7*7 }}"</b>'
    seen: list[Any] = []

    class Labels(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            spans = {"spans": [{"label": "ORG", "start_offset": 3, "end_offset": 9}]}
            answer = json.dumps(
                spans if self.path.endswith("spans") else {"categories": [{"label": "justice"}, {"label": "x<&'\"{{y}}"}]}
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *words: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Labels)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        assert len(set_up(site.admin, room.name, ["anna"], SCHEME, auto_label=address)) == 2
        assert set_up(site.admin, room.name, ["anna"], SCHEME, auto_label=address) == []
        _, passages = passages_of([text])
        room.push(passages)
        (row,) = room.rows()
        site.as_user("anna")._base_repository.post(f"projects/{room.project.id}/auto-labeling?example={row['id']}")
        (row,) = room.rows()
        assert (row["entities"], row["cats"]) == ([[3, 9, "ORG"]], ["justice"])  # a label that is not known is ignored
        assert row["text"].endswith(f"\n{text}")
        assert sorted(seen) == [(f"/autolabel/{what}", {"text": row["text"]}) for what in ("categories", "spans")]
        assert len(set_up(site.admin, room.name, ["anna"], SCHEME, auto_label="http://127.0.0.1:1")) == 4
        assert len(set_up(site.admin, room.name, ["anna"], SCHEME, auto_label="")) == 2
        assert site.admin.auto_labels(room.project) == []
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def signed_in(site: Site, user: str) -> Iterator[Any]:
    """Give the page of a real browser in which somebody has signed in."""
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium here")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(site.address + "/auth/")
        page.fill('input[name="username"]', user)
        page.fill('input[type="password"]', PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/projects**")
        yield page
        browser.close()


def test_what_is_marked_and_confirmed_in_a_browser_becomes_gold_and_trains_a_model(
    site: Site,
    command: Callable[..., Any],
    run_ffm: Callable[..., Any],
    digests: Path,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(CHECKOUT)
    assert command("setup", name, "-a", "anna").code == 0
    assert command("push", name, digests).code == 0
    project = next(item for item in site.admin.projects() if item.name == f"{name}: anna")
    with signed_in(site, "anna") as page:
        page.goto(f"{site.address}/projects/{project.id}/intent-detection-and-slot-filling?page=1")
        page.wait_for_selector("text=PASSAGE")
        before = active(page)
        marked = "justice" not in before
        page.keyboard.press("t")
        page.wait_for_function(
            "count => document.querySelectorAll('.v-chip--active').length === count", arg=len(before) + (1 if marked else -1)
        )
        with page.expect_response(lambda response: response.request.method == "POST" and "/states" in response.url):
            page.keyboard.press("Enter")  # confirms
    done = command("pull", name, "-o", tmp_path)
    assert done.code == 0 and "not confirmed yet and left out" in done.err
    (record,) = [record for records in read_annotations(tmp_path / "anna").records.values() for record in records.values()]
    assert ("justice" in record.themes) == marked
    log = run_ffm("gold", "log", tmp_path / "anna")
    assert log.code == 0 and "anna" in log.out
    total = confirm(site, "anna", f"{name}: anna")  # which takes back what was confirmed
    client = site.as_user("anna")
    client.update_example_state(project.id, next(iter(client.list_examples(project.id))).id)
    done = command("pull", name, "-o", tmp_path)
    assert (done.code, done.err) == (0, "")
    trained = run_ffm("train", "--quick", "--gold", tmp_path / "anna", "-o", tmp_path / "model")
    assert trained.code == 0 and f"trained on {total} passages of" in trained.out


def test_the_annotation_page_shows_suggestions_under_the_right_words(site: Site, room: Room) -> None:
    text = "😀👩‍⚕️ UNICEF works in Tirana."

    def marks(text: str) -> dict[str, Any]:
        places = [
            Entity(text.index(word), text.index(word) + len(word), label, word) for word, label in (("UNICEF", "ORG"), ("Tirana", "PLACE"))
        ]
        return {"entities": places, "labels": ("stigma",), "stance": {"stigma": "denied"}}

    room.push(passages_of([text], marks=marks)[1])
    with signed_in(site, "anna") as page:
        refused: list[str] = []
        page.on("requestfailed", lambda request: refused.append(f"{request.failure} {request.url}"))
        page.goto(f"{site.address}/projects/{room.project.id}", wait_until="networkidle")
        assert [line for line in refused if "youtube" in line] == ["csp http://www.youtube.com/iframe_api"]
        page.goto(f"{site.address}/projects/{room.project.id}/intent-detection-and-slot-filling?page=1")
        page.wait_for_selector("text=PLACE")
        page.wait_for_selector("text=Who mends the bicycles?")
        assert active(page) == ["stigma:denied"]
        for word in ("UNICEF", "Tirana"):
            left, right = page.evaluate(WHERE, word)
            lines = page.evaluate(LINES)
            assert any(abs(line[0] - left) < 6 and abs(line[1] - right) < 6 for line in lines), (word, left, right, lines)
        page.keyboard.press("s")
        page.wait_for_function("() => [...document.querySelectorAll('.v-chip--active')].length === 2")
        assert active(page) == ["stigma", "stigma:denied"]  # the key of a theme marks it, not one of its stances


def active(page: Any) -> list[str]:
    """Return the categories that are marked."""
    return sorted(text.split("\n")[0] for text in page.locator(".v-chip--active").all_inner_texts())


WHERE = """word => {
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const at = node.data.indexOf(word);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at); range.setEnd(node, at + word.length);
    const box = range.getBoundingClientRect();
    return [box.left, box.right];
  }
}"""
LINES = "() => [...document.querySelectorAll('svg line')].map(line => { const box = line.getBoundingClientRect(); return [box.left, box.right]; })"


def test_a_server_of_one_s_own_is_filled_says_its_logins_and_stops(installation: Installation, digests: Path, tmp_path: Path) -> None:
    words = [
        sys.executable,
        "-c",
        "from ffm.cli import main; main()",
        "doccano",
        "local",
        "--data",
        str(tmp_path / "data"),
        "--fill",
        str(digests),
    ]
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        while "Ctrl-C" not in (lines or [""])[-1]:
            line = process.stdout.readline()
            assert line, lines
            lines.append(line.rstrip())
        address = re.findall(r"http://127\.0\.0\.1:\d+", lines[-1])[0]
        logins = dict(line.split() for line in lines if line.startswith("  "))
        assert list(logins) == ["admin", "annotator-1", "annotator-2"]
        assert len(set(logins.values())) == 3
        server = Server(address, "annotator-1", logins["annotator-1"])
        assert [project.name for project in server.projects()] == ["Sample digests: annotator-1"]
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
        assert rest.splitlines()[-1] == "stopped"
        assert process.returncode == 0
    finally:
        process.kill()
    time.sleep(0.2)
    assert not any(str(tmp_path / "data") in _command_line(number) for number in _processes())


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def _command_line(number: int) -> str:
    try:
        return Path(f"/proc/{number}/environ").read_bytes().decode(errors="replace")
    except OSError:
        return ""
