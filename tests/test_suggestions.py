"""Suggestions of other tools: taken from files and services, refused by passage, measured like an annotator's."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import typer

from conftest import Done
from ffm.cli.suggestions import suggested
from ffm.doccano.push import make_rows
from ffm.errors import FfmError, RecordError
from ffm.exchange.service import MAX_ANSWER, TOGETHER, TOKEN_VARIABLE, ServiceError, ask_service
from ffm.exchange.suggestions import Suggested, SuggestedEntity, read_suggestions, with_suggestions
from ffm.gold.store import GoldHeader, GoldRecord, write_gold
from ffm.project.project import find_project
from ffm.records import TaggedPassage
from ffm.tagging.writers import write_rows
from rows import row

SCHEME = find_project().scheme
CORE, PLAIN = SCHEME.core_ids[0], next(theme.id for theme in SCHEME.theme if not theme.stance)
TEXT = "Two nurses of the Red Cross left Kisumu."
PASSAGE = row("clinic", 1, TEXT, labels=(CORE,), stance={CORE: "denied"}, scores={CORE: 0.9}, model="ours@1+00000000")


def taken(**said: Any) -> TaggedPassage:
    done = with_suggestions([PASSAGE], {PASSAGE.passage: Suggested(PASSAGE.passage, **said)}, SCHEME, "tool")
    assert not done.refused, done.refused
    return done.passages[0]


def refused_because(**said: Any) -> str:
    done = with_suggestions([PASSAGE], {PASSAGE.passage: Suggested(PASSAGE.passage, **said)}, SCHEME, "tool")
    assert not done.passages
    (line,) = done.refused
    assert line.startswith("tool: the passage clinic/0001: ") and line.endswith("; it is not sent")
    return line


def test_labels_of_the_tool_take_the_place_of_the_model_s() -> None:
    start = TEXT.index("Red")
    found = taken(labels=(PLAIN,), entities=(SuggestedEntity(start - 1, start + 9, "ORG"),), model="Small LM\n7b")
    assert (found.labels, found.stance, found.scores, found.model) == ((PLAIN,), {}, {PLAIN: 1.0}, "Small LM 7b")
    (entity,) = found.entities
    assert (entity.text, entity.start) == ("Red Cross", PASSAGE.start + start)
    ((line,), errors) = make_rows([found], SCHEME, suggestions=True)
    assert not errors and json.loads(line.line)["entities"] == [[start, start + 9, "ORG"]]


def test_a_theme_that_takes_a_stance_gets_the_first_where_none_is_said() -> None:
    assert taken(labels=(CORE,)).stance == {CORE: "reported"}
    assert taken(labels=(CORE,), stance={CORE: "unknown"}).stance == {CORE: "unknown"}


def test_an_entity_over_two_parts_stands_in_both() -> None:
    parted = row("clinic", 2, "the Red Cross here", parts=((100, 107), (140, 150)), start=100)
    parted = with_suggestions(
        [parted], {"clinic/0002": Suggested("clinic/0002", entities=(SuggestedEntity(4, 13, "ORG"),))}, SCHEME, "tool"
    ).passages[0]
    assert [(entity.start, entity.end, entity.parts) for entity in parted.entities] == [(104, 145, ((104, 107), (140, 145)))]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"labels": ("weather",)}, 'the scheme has no theme "weather"'),
        ({"labels": (CORE,), "stance": {CORE: "maybe"}}, 'the scheme has no stance "maybe"'),
        ({"scores": {CORE: 1.5}}, "a score is not between 0 and 1"),
        ({"entities": (SuggestedEntity(0, 3, "PERSON"),)}, 'no entity label "PERSON"'),
        ({"entities": (SuggestedEntity(30, 99, "ORG"),)}, "leaves the passage's 40 characters"),
        ({"entities": (SuggestedEntity(0, 3, "ORG", "Red Cross"),)}, "is not the text that it quotes"),
        ({"entities": (SuggestedEntity(0, 10, "ORG"), SuggestedEntity(4, 12, "ORG"))}, "overlaps another"),
    ],
)
def test_what_cannot_be_said_of_a_passage_is_refused_by_its_name(said: dict[str, Any], why: str) -> None:
    assert why in refused_because(**said)


def test_a_row_for_another_text_is_refused() -> None:
    other = row("clinic", 1, TEXT.replace("Two", "Ten"))
    done = with_suggestions([PASSAGE], {PASSAGE.passage: other}, SCHEME, "tool")
    assert "is for another text" in done.refused[0]


def test_a_passage_that_the_tool_is_silent_on_is_sent_without_marks() -> None:
    done = with_suggestions([PASSAGE], {}, SCHEME, "tool")
    assert done.missing == 1
    assert (done.passages[0].labels, done.passages[0].model) == ((), "tool")


# Files


def write_lines(path: Path, *items: Any) -> Path:
    path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    return path


def test_a_file_holds_short_lines_or_whole_rows(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "said.jsonl", {"passage": PASSAGE.passage, "labels": [PLAIN], "why": "it says so"})
    assert read_suggestions(path) == {PASSAGE.passage: Suggested(PASSAGE.passage, (PLAIN,))}
    write_rows([PASSAGE], tmp_path / "rows.jsonl", ".jsonl")
    assert with_suggestions([PASSAGE], read_suggestions(tmp_path / "rows.jsonl"), SCHEME, "x").passages[0].stance == {CORE: "denied"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "holds no suggestions"),
        ("{", "line 1: "),
        ('{"labels": []}\n', "line 1: .*passage"),
        ('{"passage": "a"}\n{"passage": "a"}\n', "line 2: the passage a stands twice"),
        ('{"passage": "a", "entities": [{"start": 1}]}', "line 1: "),
    ],
)
def test_a_file_of_another_form_is_refused_in_one_line(tmp_path: Path, content: str, why: str) -> None:
    path = tmp_path / "said.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RecordError, match=why):
        read_suggestions(path)
    with pytest.raises(RecordError, match="cannot be read"):
        read_suggestions(tmp_path / "none.jsonl")


def test_what_was_said_is_kept_and_measured_like_an_annotator_s(here: Path, run_ffm: Callable[..., Done]) -> None:
    passages = [row("clinic", number, f"Nurse {number} left.") for number in range(4)]
    said = write_lines(
        here / "small-lm.jsonl", *({"passage": item.passage, "labels": [PLAIN] * (item.start < 20_000)} for item in passages)
    )
    found, refused = suggested(passages, SCHEME, str(said), Path("kept.jsonl"), 5)
    assert not refused and [item.labels for item in found] == [(PLAIN,), (PLAIN,), (), ()]
    records = [GoldRecord(item.start, item.end, themes=(PLAIN,) * (number == 0), unit="passage") for number, item in enumerate(passages)]
    write_gold(here / "anna.jsonl", GoldHeader("clinic", "d" * 64, SCHEME.version, "anna", "human annotator", True, "2026-11-28"), records)
    done = run_ffm("agreement", "anna.jsonl", "kept.jsonl")
    assert done.code == 0, done.err
    assert done.out.startswith("Agreement of anna, small-lm on 4 ranges.")
    assert f"| {PLAIN} | 0.53 | 3 |" in done.out


def test_nothing_is_kept_of_the_model_s_own(tmp_path: Path) -> None:
    assert suggested([PASSAGE], SCHEME, None, None, 5) == ([PASSAGE], [])
    with pytest.raises(typer.BadParameter, match="name it with --suggestions"):
        suggested([PASSAGE], SCHEME, "model", tmp_path / "kept.jsonl", 5)
    with pytest.raises(FfmError, match="unknown format"):
        suggested([PASSAGE], SCHEME, "said.jsonl", tmp_path / "kept.txt", 5)


# Services


class Service(BaseHTTPRequestHandler):
    """Answers as its ``behaviour`` says, and keeps what it was asked."""

    behaviour: Callable[[Service, dict[str, Any]], None]
    asked: list[dict[str, Any]]
    tokens: list[str | None]

    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked.append(content)
        type(self).tokens.append(self.headers.get("Authorization"))
        type(self).behaviour(self, content)

    def answer(self, content: Any, status: int = 200, **headers: str) -> None:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Callable[..., str]]:
    """Return a function that starts a service with a behaviour and gives its address."""
    running = []

    def start(behaviour: Callable[[Service, dict[str, Any]], None]) -> str:
        handler = type("Handler", (Service,), {"behaviour": staticmethod(behaviour), "asked": [], "tokens": []})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        start.handler = handler  # type: ignore[attr-defined]
        return f"http://127.0.0.1:{server.server_port}/suggest"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def ask(address: str, passages: list[TaggedPassage], seconds: float = 5) -> dict[str, Suggested]:
    return ask_service(address, passages, SCHEME, seconds, lambda done, of: None)


def test_a_service_is_asked_a_few_passages_at_a_time_with_the_scheme(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "secret")
    passages = [row("clinic", number, f"Nurse {number} left.", question="Who left?") for number in range(TOGETHER + 1)]

    def answer(handler: Service, asked: dict[str, Any]) -> None:
        handler.answer({"model": "lm", "passages": [{"passage": item["passage"], "labels": [PLAIN]} for item in asked["passages"]]})

    found = ask(service(answer), passages)
    assert {item.model for item in found.values()} == {"lm"} and len(found) == len(passages)
    first, second = service.handler.asked
    assert [len(first["passages"]), len(second["passages"])] == [TOGETHER, 1]
    assert first["passages"][0]["text"] == "Nurse 0 left." and first["passages"][0]["question"] == "Who left?"
    assert [theme["id"] for theme in first["scheme"]["themes"]] == list(SCHEME.theme_ids)
    assert service.handler.tokens == ["Bearer secret"] * 2


def drip(handler: Service, asked: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        (lambda handler, asked: handler.answer({"error": "no GPU"}, 503), "answers 503 Service Unavailable"),
        (lambda handler, asked: handler.answer(b"", 302, Location="http://example.org/"), "answers 302"),
        (lambda handler, asked: handler.answer(b"<html>"), "does not answer in the form of docs/annotating.md"),
        (
            lambda handler, asked: handler.answer({"passages": [{"passage": "other/0001"}]}),
            "answers for other/0001, which it was not asked",
        ),
        (lambda handler, asked: handler.answer(b" " * (MAX_ANSWER + 1)), "answers more than 4 MB"),
        (lambda handler, asked: time.sleep(3), "did not answer within 0.7 s"),
        (drip, "did not answer within 0.7 s"),
        (lambda handler, asked: handler.connection.close(), "cannot be asked"),
    ],
    ids=["error", "redirect", "html", "other passage", "too long", "silent", "drip", "gone"],
)
def test_a_service_that_does_not_answer_as_it_should_is_one_line(service: Any, behaviour: Any, why: str) -> None:
    address, began = service(behaviour), time.monotonic()
    with pytest.raises(ServiceError, match=why) as raised:
        ask(address, [PASSAGE], seconds=0.7)
    assert str(raised.value).startswith(address) and "\n" not in str(raised.value)
    assert time.monotonic() - began < 2.5


@pytest.mark.parametrize("address", ["http://", "ftp://a/b", "http://a:x/", "http://anna:secret@127.0.0.1/x", "http://a b/"])
def test_an_address_that_is_none_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(ServiceError) as raised:
        ask(address, [PASSAGE])
    assert "secret" not in str(raised.value)


def test_a_service_that_is_not_there_is_one_line() -> None:
    with pytest.raises(ServiceError, match="is the service running"):
        ask("http://127.0.0.1:9/", [PASSAGE])
