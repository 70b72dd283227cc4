"""Takes the pictures of docs/annotating.md anew and prints its console: the whole round, on a real doccano, with the sample digests.

Run by hand: ``python tests/doccano/pictures.py`` (needs a Chromium; ``CHROMIUM`` names one).
"""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from doccano_client import DoccanoClient
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from ffm.cli import main
from ffm.doccano.client import Server
from ffm.doccano.local_server import Account, LocalServer, install
from ffm.doccano.trial import ADMINISTRATOR, ANNOTATORS

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
WINDOW = {"width": 1500, "height": 1000}
SCALE = 0.8  # pictures of 1200 x 800
LARGEST = 120_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BATCH = "Round 1"
SELECTED = "Egyptians"
WORD = """word => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const at = node.data.indexOf(word);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at); range.setEnd(node, at + word.length);
    const box = range.getBoundingClientRect();
    return [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  }
}"""
DECISIONS = "Round 1 decisions"
SHOWN = "albania-ffm-2022-digest/0053"
CHANGED = {"annotator-1": {}, "annotator-2": {SHOWN: "funding-gaps", "albania-tip-2021-digest/0002": "funding-gaps"}}


REMARKS = {("annotator-2", SHOWN): "Free textbooks, but is rent a gap?"}


def run(*words: str) -> None:
    """Run a command of ffm as the document shows it, and print what it prints."""
    print("$ ffm", shlex.join(words))
    with mock.patch.object(sys, "argv", ["ffm", *words]):
        try:
            main()
        except SystemExit as end:
            if end.code:
                raise


def label(address: str, account: Account, project: Any, changes: dict[str, str]) -> None:
    """Confirm every passage of a project as its annotator, some with one more theme."""
    client = DoccanoClient(address)
    client._base_repository._session.trust_env = False
    client.login(account.name, account.password)
    types = {item.text: item.id for item in client.list_label_types(project.id, "category")}
    for example in client._base_repository.get(f"projects/{project.id}/examples", params={"limit": 500}).json()["results"]:
        theme = changes.get(example["meta"]["passage"])
        if theme:
            client.create_category(project.id, example["id"], types[theme])
        if remark := REMARKS.get((account.name, example["meta"]["passage"])):
            client.create_comment(project.id, example["id"], remark)
        client.update_example_state(project.id, example["id"])


def place(server: Server, project: Any, passage: str) -> int:
    """Return the number of the page on which doccano shows a passage."""
    client = server._client
    rows = client._base_repository.get(f"projects/{project.id}/examples", params={"limit": 500}).json()["results"]
    return next(number for number, row in enumerate(rows, 1) if row["meta"]["passage"] == passage)


def save(page: Page, name: str, height: int = WINDOW["height"]) -> None:
    """Save what the window shows, from its upper edge, with few enough colours to be small."""
    page.wait_for_timeout(1500)
    shown = {"x": 0, "y": 0, "width": WINDOW["width"], "height": height}
    image = Image.open(io.BytesIO(page.screenshot(clip=shown))).convert("RGB")
    path = PICTURES / f"{name}.png"
    for colours in (256, 128, 64, 32):
        image.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            break
    print(f"# {path.relative_to(ROOT)}: {path.stat().st_size:,} bytes", file=sys.stderr)


@contextlib.contextmanager
def browser(address: str) -> Iterator[Callable[[Account], Page]]:
    """Give a function that opens the sign-in page for an account, in a window of its own."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as started:
        running = started.chromium.launch(executable_path=found, args=ARGUMENTS)

        def sign_in(account: Account, picture: str = "") -> Page:
            page = running.new_context(viewport=WINDOW, device_scale_factor=SCALE, locale="en-GB").new_page()
            page.goto(f"{address}/auth/")
            page.fill('input[name="username"]', account.name)
            page.fill('input[type="password"]', account.password)
            if picture:
                save(page, picture, 800)
            page.keyboard.press("Enter")
            page.wait_for_url("**/projects**")
            return page

        yield sign_in
        running.close()


def main_round(folder: Path) -> None:
    """Go the round and take the pictures."""
    accounts = {name: Account(name, secrets.token_urlsafe(9), name == ADMINISTRATOR) for name in (ADMINISTRATOR, *ANNOTATORS)}
    local = LocalServer(install(print), folder / "data")
    local.accounts(list(accounts.values()))
    admin = accounts[ADMINISTRATOR]
    os.environ.update(FFM_DOCCANO_URL=local.address, FFM_DOCCANO_USER=admin.name, FFM_DOCCANO_PASSWORD=admin.password)
    people = [word for name in ANNOTATORS for word in ("-a", name)]
    out = "build/round-1"
    tagged = "build/tagged-round-1.jsonl"
    with local, browser(local.address) as sign_in:
        run("tag", *(str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("raw_text/*-digest.md"))), "-o", tagged)
        run("doccano", "setup", BATCH, *people)
        run("doccano", "push", BATCH, tagged)
        server = Server(local.address, admin.name, admin.password)
        projects = {project.name: project for project in server.projects()}
        page = sign_in(accounts[ANNOTATORS[0]], "sign-in")
        page.wait_for_selector(f"text={BATCH}: {ANNOTATORS[0]}")
        save(page, "projects", 300)
        own = projects[f"{BATCH}: {ANNOTATORS[0]}"]
        annotate = "{}/projects/{}/intent-detection-and-slot-filling?page={}"
        page.goto(annotate.format(local.address, own.id, place(server, own, SHOWN)))
        page.wait_for_selector("text=ORG")
        save(page, "annotation")
        left, top = page.evaluate(WORD, SELECTED)
        page.mouse.dblclick(left, top)
        save(page, "selection")
        for name in ANNOTATORS:
            label(local.address, accounts[name], projects[f"{BATCH}: {name}"], CHANGED[name])
        run("doccano", "status", BATCH)
        run("doccano", "pull", BATCH, "-o", out)
        sets = [f"{out}/{name}" for name in ANNOTATORS]
        run("agreement", *sets, "-n", "1")
        run("doccano", "adjudicate", DECISIONS, *sets, "--tagged", tagged, "-a", ADMINISTRATOR)
        judged = next(project for project in server.projects() if project.name == f"{DECISIONS}: {ADMINISTRATOR}")
        page = sign_in(admin)
        page.goto(annotate.format(local.address, judged.id, place(server, judged, SHOWN)))
        page.wait_for_selector("text=reading of")
        save(page, "adjudication")
        label(local.address, admin, judged, {})
        run("doccano", "pull", DECISIONS, "-o", out)
        run("gold", "comments", *sets)
        run("gold", "merge", *sets, f"{out}/{ADMINISTRATOR}", "-o", f"{out}/gold")
        run("gold", "join", "annotations/gold", f"{out}/gold", "-o", "build/gold-2", "--later")
        run("doccano", "setup", BATCH, *people, "--auto-label", "http://127.0.0.1:8137")


if __name__ == "__main__":
    os.chdir(ROOT)
    for made in (PICTURES, ROOT / "build"):
        made.mkdir(exist_ok=True)
    shutil.rmtree(ROOT / "build" / "round-1", ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        main_round(Path(temporary))
