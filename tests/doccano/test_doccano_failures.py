"""What goes wrong between us and the server: one line each, and a second run goes on where the first stopped."""

from __future__ import annotations

import http.server
import os
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from doccano.conftest import PASSWORD, QUICK, Room, Site, passages_of
from ffm.doccano.client import KINDS, Server
from ffm.doccano.errors import DoccanoError
from ffm.doccano.local_server import Installation, LocalServer
from ffm.doccano.pull import Texts, pull
from ffm.doccano.push import make_rows, push
from ffm.doccano.setup import open_batch, set_up
from ffm.exchange.categories import LabelType
from ffm.project.project import find_project
from ffm.records import Entity, TaggedPassage

pytestmark = pytest.mark.slow
SCHEME = find_project().scheme


def marked(text: str) -> dict[str, Any]:
    return {"entities": [Entity(text.index("UNICEF"), text.index("UNICEF") + 6, "ORG", "UNICEF")], "labels": ("justice",)}


def many(number: int) -> list[TaggedPassage]:
    return passages_of([f"{count}: UNICEF left. " + "The lake is calm. " * 12 for count in range(number)], marks=marked)[1]


def write(path: Path, passages: list[TaggedPassage]) -> Path:
    path.write_bytes(b"".join(msgspec.json.encode(passage) + b"\n" for passage in passages))
    return path


def server_with(installation: Installation, users: Path, data: Path, at_once: bool = True) -> LocalServer:
    """Return a server of its own for a test, with the users of the session's."""
    data.mkdir()
    shutil.copyfile(users, data / "db.sqlite3")
    return LocalServer(installation, data, at_once=at_once)


@contextmanager
def answering(handler: type[http.server.BaseHTTPRequestHandler], secure: ssl.SSLContext | None = None) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if secure is not None:
        server.socket = secure.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http{'s' if secure else ''}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Page(http.server.BaseHTTPRequestHandler):
    """A web server that is no doccano."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"hi")

    def log_message(self, *words: Any) -> None:
        pass


class Elsewhere(Page):
    """A web server that sends on."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(301)
        self.send_header("Location", "http://127.0.0.1:9/")
        self.send_header("Content-Length", "0")
        self.end_headers()


def test_a_login_that_fails_is_one_line(site: Site, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFM_DOCCANO_PASSWORD", "wrong")
    done = command("status", "x")
    assert (done.code, done.errors) == (
        1,
        [
            f'error: {site.address}: doccano refused the user "admin" or the password; check FFM_DOCCANO_USER and FFM_DOCCANO_PASSWORD',
        ],
    )
    for handler, why in (
        (Page, "what answers here is no doccano; check FFM_DOCCANO_URL"),
        (http.server.BaseHTTPRequestHandler, "no doccano answers here (501); check FFM_DOCCANO_URL"),
        (Elsewhere, "sends on to another address; put that one into FFM_DOCCANO_URL"),
    ):
        with answering(handler) as address:
            monkeypatch.setenv("FFM_DOCCANO_URL", address)
            assert command("status", "x").errors[-1:] == [f"error: {address}: {why}"]


def test_a_server_that_is_not_there_is_one_line(command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFM_DOCCANO_URL", "http://127.0.0.1:9")
    (line,) = command("status", "x").errors
    assert line.startswith("error: http://127.0.0.1:9: logging in: the server cannot be reached or went away; start it")


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Return a certificate for this machine that no authority signed, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here")
    paths = tmp_path / "certificate.pem", tmp_path / "key.pem"
    words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    files = ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(paths[0]), "-keyout", str(paths[1])]
    subprocess.run([openssl, *words, *files], check=True, capture_output=True)
    return paths


def test_a_certificate_that_is_refused_is_said_to_be_one_and_one_that_is_trusted_is_taken(
    command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, certificate: tuple[Path, Path]
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with answering(Page, context) as address:
        monkeypatch.setenv("FFM_DOCCANO_URL", address)
        (line,) = command("status", "x").errors
        assert line.startswith(f"error: {address}: logging in: the server's certificate is refused (self")
        assert line.endswith("name the file of its authority in REQUESTS_CA_BUNDLE")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
        assert command("status", "x").errors == [f"error: {address}: what answers here is no doccano; check FFM_DOCCANO_URL"]
    with answering(Page) as address:
        secure = address.replace("http:", "https:")
        monkeypatch.setenv("FFM_DOCCANO_URL", secure)
        (line,) = command("status", "x").errors
        assert (
            line
            == f"error: {secure}: logging in: no encrypted connection can be made; does the server speak https there? check FFM_DOCCANO_URL"
        )


def test_plain_http_to_another_machine_gives_a_warning(command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFM_DOCCANO_URL", "http://doccano.invalid")
    warning, error = command("status", "x").errors
    assert warning == "notice: http://doccano.invalid: the password and the texts travel unencrypted; use https, or an SSH tunnel"
    assert error.startswith("error: http://doccano.invalid: logging in: the server cannot be reached")


def test_a_server_that_does_not_answer_ends_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        started = time.perf_counter()
        with pytest.raises(DoccanoError, match="no answer in time"):
            Server(address, "admin", "x", msgspec.structs.replace(QUICK, answer=1))
        assert time.perf_counter() - started < 5


def test_setup_warns_of_a_server_whose_pages_ask_other_sites(
    site: Site, room: Room, command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("setup", room.name, "-a", "anna").err == ""
    monkeypatch.setattr(Server, "keeps_to_itself", lambda server: False)
    (line,) = command("setup", room.name, "-a", "anna").errors
    assert line.startswith(f"notice: {site.address}: doccano's page of a project asks a video site (youtube.com) for a script")


def test_what_does_not_exist_is_named(site: Site, command: Callable[..., Any], name: str) -> None:
    assert command("status", name).errors == [
        f'error: {site.address}: "admin" sees no project "{name}"; check the name, or make it with ffm doccano setup'
    ]
    assert command("setup", name, "-a", "nobody").errors == [
        f'error: {site.address}: there is no user "nobody"; ask the server\'s administrator to make one, then run the command again'
    ]
    assert open_or_none(site, name) is None


def open_or_none(site: Site, name: str) -> Any:
    return next((project for project in site.admin.projects() if project.name == name), None)


def test_an_annotator_cannot_set_up_and_is_told_so(site: Site, command: Callable[..., Any], name: str, monkeypatch: Any) -> None:
    monkeypatch.setenv("FFM_DOCCANO_USER", "anna")
    (line,) = command("setup", name, "-a", "anna").errors
    assert '"anna" may not do that; log in as an administrator' in line


def test_a_project_of_the_name_that_is_not_ours_is_left_alone(site: Site, command: Callable[..., Any], name: str) -> None:
    client = site.admin._client
    client.create_project(name, "SequenceLabeling", "theirs")
    done = command("setup", name, "-a", "anna", "--blind")
    assert (done.code, done.errors) == (
        1,
        [
            f'error: {site.address}: the project "{name}" was not made by ffm, and is of type SequenceLabeling; '
            "choose another name, or rename it in doccano"
        ],
    )
    client.create_project(f"{name}x: anna", "IntentDetectionAndSlotFilling", "theirs", collaborative_annotation=True)
    (line,) = command("setup", f"{name}x", "-a", "anna").errors
    assert f'the project "{name}x: anna" was not made by ffm; choose another name' in line
    assert site.admin.label_types(open_or_none(site, f"{name}x: anna"), "span") == []


def test_a_batch_of_the_other_mode_is_refused(site: Site, command: Callable[..., Any], name: str) -> None:
    assert command("setup", name, "-a", "anna", "--blind").code == 0
    assert command("setup", name, "-a", "anna").errors == [
        f'error: {site.address}: "{name}" is a blind project; choose another name, or add --blind'
    ]
    assert command("setup", name + "y", "-a", "anna").code == 0
    assert command("setup", name + "y", "-a", "anna", "--blind").errors == [
        f'error: {site.address}: "{name}y" has a project for each annotator; choose another name, or leave out --blind'
    ]


def test_a_second_setup_changes_nothing_and_what_was_changed_is_restored(room: Room) -> None:
    assert set_up(room.server, room.name, ["anna"], SCHEME) == []
    project = room.project
    types = {known.label.text: known for known in room.server.label_types(project, "category")}
    room.server.update_label_type(project, "category", types["stigma"], LabelType("stigma", "#000000", "ctrl", "9"))
    room.server.update_label_type(project, "category", types["justice"], LabelType("justice", "#000000", None, "s"))
    room.server.update_project(project, "other words", project.description)
    done = set_up(room.server, room.name, ["anna"], SCHEME)
    assert done == [f'"{project.name}": {line}' for line in ("guideline renewed", 'label "stigma" restored', 'label "justice" restored')]
    assert set_up(room.server, room.name, ["anna"], SCHEME) == []


def test_a_deleted_label_is_told_by_push_pull_and_status_and_made_again_by_setup(
    room: Room, command: Callable[..., Any], tmp_path: Path
) -> None:
    tagged = write(tmp_path / "tagged.jsonl", many(3))
    known = next(item for item in room.server.label_types(room.project, "category") if item.label.text == "stigma:denied")
    room.server._client.delete_label_type(room.project.id, known.id, "category")
    line = (
        f'error: "{room.project.name}": the label stigma:denied was deleted in doccano, with all marks of it; '
        "run ffm doccano setup again, which restores it"
    )
    for words in (("push", room.name, tagged), ("status", room.name), ("pull", room.name, "-o", tmp_path / "out")):
        done = command(*words)
        assert done.code == 1
        assert line in done.errors
    assert room.rows() == []
    assert command("setup", room.name, "-a", "anna").out == f'"{room.project.name}": label "stigma:denied" made\n'
    assert command("push", room.name, tagged).out == f'"{room.project.name}": 3 passages sent, 0 there already\n'


def test_labels_that_the_scheme_does_not_know_are_named_and_the_rest_is_pulled(room: Room, tmp_path: Path) -> None:
    report, passages = passages_of(["One nurse left.", "Two came.", "Three stayed."])
    room.push(passages)
    for kind in KINDS:
        room.server.create_label_types(room.project, kind, [LabelType("weather", "#123456")])
    ids = {row["passage"]: row["id"] for row in room.rows()}
    known = {kind: {item.label.text: item.id for item in room.server.label_types(room.project, kind)} for kind in KINDS}
    client = room.server._client
    client.create_category(room.project.id, ids["notes/0001"], known["category"]["weather"])
    client.create_span(room.project.id, ids["notes/0002"], 0, 3, known["span"]["weather"])
    client.create_category(room.project.id, ids["notes/0003"], known["category"]["justice"])
    done = pull(room.server, room.batch, SCHEME, Texts({}, [report]), tmp_path, everything=True)
    assert list(done.files.values()) == [1]
    assert done.errors == [
        'anna: the scheme has no label "weather", so 2 passages left out, the first notes/0001; '
        "add the label to the scheme, or remove it in doccano"
    ]


def test_marks_that_contradict_each_other_and_texts_that_were_changed_are_named(room: Room, tmp_path: Path) -> None:
    report, passages = passages_of(["One nurse left.", "Two came.", "Three stayed."])
    room.push(passages)
    ids = {row["passage"]: row["id"] for row in room.rows()}
    known = {item.label.text: item.id for item in room.server.label_types(room.project, "category")}
    client = room.server._client
    for label in ("stigma", "stigma:unknown"):
        client.create_category(room.project.id, ids["notes/0001"], known[label])
    client.update_example(room.project.id, ids["notes/0002"], text="Two came!")
    done = pull(room.server, room.batch, SCHEME, Texts({}, [report]), tmp_path, everything=True)
    assert sorted(done.errors) == [
        'anna: the passage notes/0001: the theme "stigma" is marked as reported and as unknown; correct it in doccano, at '
        + room.server.page(room.project, 1),
        "anna: the passage notes/0002: its text is not the one that was sent; restore it in doccano, or delete the passage there and push again, "
        f"at {room.server.page(room.project, 2)}",
    ]
    assert list(done.files.values()) == [1]


def test_a_report_that_is_not_here_or_another_is_named(room: Room, tmp_path: Path) -> None:
    report, passages = passages_of(["One nurse left.", "Two came."])
    room.push(passages)
    done = pull(room.server, room.batch, SCHEME, Texts({}), tmp_path, everything=True)
    assert done.errors == [
        "anna: 2 passages left out: notes: no such report is registered; register its text, or name its file with --report"
    ]
    changed = msgspec.structs.replace(report, text="One nurse wept.\n\nTwo came.")
    done = pull(room.server, room.batch, SCHEME, Texts({}, [changed]), tmp_path, everything=True)
    assert done.errors == [
        "anna: the passage notes/0001: its text is not that of notes: one of them was changed; restore the report's file, "
        f"or delete the passage in doccano and push again, at {room.server.page(room.project, 1)}"
    ]
    assert list(done.files.values()) == [1]


def test_annotations_of_another_batch_are_not_overwritten(room: Room, tmp_path: Path) -> None:
    report, passages = passages_of(["One nurse left.", "Two came."])
    other = f"{room.name} other"
    set_up(room.server, other, ["anna"], SCHEME)
    rows, _ = make_rows(passages[1:], SCHEME, True)
    push(room.server, open_batch(room.server, other), rows, SCHEME)
    room.push(passages[:1])
    texts = Texts({}, [report])
    assert pull(room.server, room.batch, SCHEME, texts, tmp_path, everything=True).errors == []
    assert pull(room.server, room.batch, SCHEME, texts, tmp_path, everything=True).errors == []
    path = tmp_path / "anna" / "notes.jsonl"
    before = path.read_bytes()
    done = pull(room.server, open_batch(room.server, other), SCHEME, texts, tmp_path, everything=True)
    assert done.errors == [f'{path}: holds 1 passage that "{other}: anna" has not, and is left as it was; pull into another folder']
    assert path.read_bytes() == before


def test_copies_that_an_import_made_twice_are_removed_and_those_worked_on_are_kept(room: Room) -> None:
    passages = many(4)
    rows, _ = make_rows(passages, SCHEME, True)
    for _ in range(2):
        room.server.upload(room.project, "".join(row.line + "\n" for row in rows))
    held = {passage.passage: [row for row in room.rows() if row["passage"] == passage.passage] for passage in passages}
    client = room.server._client
    first, second = held["notes/0001"]
    client.update_example_state(room.project.id, second["id"])
    for row in held["notes/0002"]:
        client.update_example_state(room.project.id, row["id"])
    done = room.push(passages)
    left = {row["id"]: row["passage"] for row in room.rows()}
    assert Counter(left.values()) == {"notes/0001": 1, "notes/0002": 2, "notes/0003": 1, "notes/0004": 1}
    assert second["id"] in left
    assert first["id"] not in left
    assert done.errors == [
        f'"{room.project.name}": 1 passage more than once there and worked on, the first notes/0002; delete one of each in doccano'
    ]


class Proxy:
    """Stands between the client and the server, and cuts the connection where a request holds a mark."""

    def __init__(self, port: int, mark: bytes, forward: bool) -> None:
        self.port, self.mark, self.forward, self.cuts = port, mark, forward, 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.port))
            threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, watched: bool) -> None:
        try:
            while data := source.recv(65536):
                cut = watched and self.mark in data
                if self.forward or not cut:
                    target.sendall(data)
                if cut:
                    self.cuts += 1
                    break
        except OSError:
            pass
        for end in (source, target) if not self.forward else (source,):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("forward", [False, True], ids=["before the import begins", "while it runs"])
def test_a_connection_that_breaks_in_mid_push_is_one_line_and_the_next_push_goes_on(site: Site, name: str, forward: bool) -> None:
    set_up(site.admin, name, ["anna"], SCHEME)
    passages = many(60)
    proxy = Proxy(site.local.port, b'"uploadIds"' if forward else b"/upload HTTP", forward)
    server = Server(proxy.address, "admin", PASSWORD)
    rows, _ = make_rows(passages, SCHEME, True)
    with pytest.raises(DoccanoError, match="went away; start it or check FFM_DOCCANO_URL, then run the same command again to go on"):
        push(server, open_batch(server, name), rows, SCHEME)
    assert proxy.cuts == 1
    proxy.socket.close()
    batch = open_batch(site.admin, name)
    deadline = time.monotonic() + 20
    while forward and site.admin.count(batch.projects["anna"]) < len(rows) and time.monotonic() < deadline:
        time.sleep(0.2)
    done = push(site.admin, batch, rows, SCHEME)
    assert done.errors == []
    held = [row["passage"] for row in site.admin.download(batch.projects["anna"])["all"]]
    assert sorted(held) == [passage.passage for passage in passages]
    assert done.sent == {f"{name}: anna": 0 if forward else len(rows)}


def test_a_server_killed_in_mid_push_is_one_line_and_the_next_push_mends_what_it_left(
    installation: Installation, users: Path, tmp_path: Path, name: str
) -> None:
    local = server_with(installation, users, tmp_path / "data")
    passages = many(1200)  # doccano imports a thousand at a time, first all texts, then their labels
    rows, _ = make_rows(passages, SCHEME, True)
    with local:
        server = Server(local.address, "admin", PASSWORD, QUICK)
        set_up(server, name, ["anna"], SCHEME)
        killed = threading.Event()

        def kill() -> None:
            database = sqlite3.connect(f"file:{local.data / 'db.sqlite3'}?mode=ro", uri=True, timeout=5)
            while not database.execute("SELECT COUNT(*) FROM examples_example").fetchone()[0]:
                time.sleep(0.002)
            assert local._process is not None
            os.killpg(local._process.pid, signal.SIGKILL)
            killed.set()

        thread = threading.Thread(target=kill)
        thread.start()
        with pytest.raises(DoccanoError, match="then run the same command again to go on"):
            push(server, open_batch(server, name), rows, SCHEME)
        thread.join()
        assert killed.is_set()
    with local:
        server = Server(local.address, "admin", PASSWORD)
        batch = open_batch(server, name)
        left = server.download(batch.projects["anna"])["all"]
        assert len(left) == 1000
        assert any(not row["entities"] for row in left)
        done = push(server, batch, rows, SCHEME)
        assert done.errors == []
        assert done.again[f"{name}: anna"] > 0
        held = server.download(batch.projects["anna"])["all"]
        assert sorted(row["passage"] for row in held) == [passage.passage for passage in passages]
        assert all(len(row["entities"]) == 1 and row["cats"] == ["justice"] for row in held)


STEPS = ["Examples.save", "Categories.save_types", "Spans.save_types", "Categories.save", "Spans.save"]  # doccano's, in its order
DYING = """
import os, signal
from ffm_doccano_settings import *

class Dies:
    def __init__(self, get_response):
        from data_import import datasets
        kind, step = os.environ["DIES_BEFORE"].split(".")
        setattr(getattr(datasets, kind), step, lambda *words, **options: os.kill(os.getpid(), signal.SIGKILL))
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

MIDDLEWARE = [*MIDDLEWARE, "dying.Dies"]
"""


class Dying(Installation, frozen=True):
    """A doccano that is killed before a step of its import."""

    step: str
    settings: Path

    def environment(self, data: Path, at_once: bool = True) -> dict[str, str]:
        found = super().environment(data, at_once)
        path = os.pathsep.join((str(self.settings), found["PYTHONPATH"]))
        return {**found, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "dying", "DIES_BEFORE": self.step}


@pytest.mark.parametrize("step", STEPS)
def test_a_push_that_dies_between_any_two_steps_is_mended_by_the_next_whole_and_without_a_loss(
    installation: Installation, users: Path, tmp_path: Path, name: str, step: str
) -> None:
    def both(text: str) -> dict[str, Any]:
        return marked(text) if int(text.split(":")[0]) % 3 else {"labels": ("stigma",), "stance": {"stigma": "denied"}}

    (tmp_path / "dying.py").write_text(DYING, encoding="utf-8")
    passages = passages_of([f"{count}: UNICEF left." for count in range(40)], marks=both)[1]
    rows, _ = make_rows(passages, SCHEME, True)
    local = server_with(installation, users, tmp_path / "data")
    with LocalServer(Dying(installation.folder, step, tmp_path), local.data) as dying:
        server = Server(dying.address, "admin", PASSWORD, QUICK)
        set_up(server, name, ["anna"], SCHEME)
        with pytest.raises(DoccanoError, match="then run the same command again to go on"):
            push(server, open_batch(server, name), rows, SCHEME)
    with local:
        server = Server(local.address, "admin", PASSWORD)
        batch = open_batch(server, name)
        left = server.download(batch.projects["anna"])["all"]
        assert len(left) == (0 if step == STEPS[0] else len(rows))
        assert any(row["cats"] for row in left) == (step == STEPS[-1])
        done = push(server, batch, rows, SCHEME)
        assert done.errors == []
        held = server.download(batch.projects["anna"])["all"]
        assert sorted(row["passage"] for row in held) == [passage.passage for passage in passages]
        assert sum(len(row["entities"]) for row in held) == sum(len(passage.entities) for passage in passages)
        assert all(row["cats"] in (["justice"], ["stigma:denied"]) for row in held)
        assert push(server, batch, rows, SCHEME).again == {f"{name}: anna": 0}


def test_what_an_annotator_did_since_an_import_broke_off_is_not_sent_over_but_told(room: Room) -> None:
    passages = many(5)
    rows, _ = make_rows(passages, SCHEME, True)
    room.server.upload(room.project, "".join(row.line.replace('"entities": [[', '"entities": [], "was": [[') + "\n" for row in rows))
    ids = {row["passage"]: row["id"] for row in room.rows()}
    types = {kind: {item.label.text: item.id for item in room.server.label_types(room.project, kind)} for kind in KINDS}
    client = room.server._client
    client.create_span(room.project.id, ids["notes/0001"], 0, 1, types["span"]["ORG"])
    client.update_example_state(room.project.id, ids["notes/0002"])
    client.create_comment(room.project.id, ids["notes/0003"], "No body here.")
    for item in client.list_categories(room.project.id, ids["notes/0004"]):
        client.delete_category(room.project.id, ids["notes/0004"], item.id)
    client.create_category(room.project.id, ids["notes/0004"], types["category"]["housing"])
    done = push(room.server, room.batch, rows, SCHEME)
    assert done.again == {room.project.name: 1}
    (error,) = done.errors
    assert error.startswith(
        f'"{room.project.name}": 1 passage without names and amounts, the first notes/0004, as an earlier push broke off'
    )
    assert {row["passage"] for row in room.rows() if row["id"] in ids.values()} == set(ids) - {"notes/0005"}


def test_a_task_that_never_ends_is_one_line_and_takes_its_file_back(
    installation: Installation, users: Path, tmp_path: Path, name: str
) -> None:
    with server_with(installation, users, tmp_path / "data", at_once=False) as waiting:
        server = Server(waiting.address, "admin", PASSWORD, QUICK)
        set_up(server, name, ["anna"], SCHEME)
        project = open_batch(server, name).projects["anna"]
        line = rf"doccano's task did not end in {QUICK.task:g} s; is its worker \(doccano task\) running\? start it"
        rows, _ = make_rows(many(2), SCHEME, True)
        started = time.perf_counter()
        with pytest.raises(DoccanoError, match=line):
            server.upload(project, "".join(row.line + "\n" for row in rows))
        with pytest.raises(DoccanoError, match=line):
            push(server, open_batch(server, name), rows, SCHEME)
        assert time.perf_counter() - started < 3 * QUICK.task
        assert not [path for path in (waiting.data / "uploads").rglob("*") if path.is_file()]


def test_nobody_else_can_read_what_a_server_of_ones_own_keeps(site: Site, room: Room) -> None:
    room.push(many(1))
    kept = [site.local.data, *site.local.data.rglob("*")]
    assert {"db.sqlite3", "server.log"} <= {path.name for path in kept}
    assert [path for path in kept if path.stat().st_mode & 0o077 and not path.is_symlink()] == []


def test_the_server_ends_with_the_process_that_started_it(installation: Installation, tmp_path: Path) -> None:
    local = LocalServer(installation, tmp_path / "data")
    local.start()
    process = local._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()  # what the system does when the process that started it is killed
    assert process.wait(15) is not None
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", local.port), timeout=2).close()
    local.stop()
