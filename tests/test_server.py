"""``ffm serve``: labels for doccano, tagging over HTTP, who may ask, and what is too much."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ffm
from ffm.errors import ServeError
from ffm.exchange.categories import category_types
from ffm.exchange.lead import lead_of, with_lead
from ffm.project.project import find_project
from ffm.records import Entity
from ffm.server import autolabel, reading, uploads
from ffm.server.access import COOKIE, SESSION_SECONDS, Access, check_access, host_of, is_loopback
from ffm.server.app import Workers
from ffm.server.bodies import Limits
from ffm.server.worker import Pool
from serving import Answer, Served, served, shared_workers

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "raw_text").glob("*-digest.md"))
TOKEN = "a-token-of-the-tests-0123"
HOSTILE = "</textarea><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">{{ 7*7 }}{% raw %}${7*7}"
BIG = "The Ministry of Boats has 12 beds in Tirana, and families blame those who come back.\n\n" * 30_000


@pytest.fixture(scope="module")
def server() -> Served:
    with served(shared_workers()) as running:
        yield running


def in_utf16(text: str, start: int, end: int) -> str:
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def words(text: str, found: list[dict[str, object]]) -> list[tuple[object, str]]:
    return [(span["label"], in_utf16(text, span["start_offset"], span["end_offset"])) for span in found]


class TestLabels:
    def test_spans_are_counted_as_doccano_counts(self, server):
        text = "😀👨‍👩‍👧 עברית é UNICEF 𝒳 has 12 beds in Tirana."
        answer = server.send("/autolabel/spans", {"text": text})
        assert answer.status == 200 and answer.headers["content-type"] == "application/json"
        assert words(text, answer.json["spans"]) == [("ORG", "UNICEF"), ("AMOUNT", "12 beds"), ("PLACE", "Tirana")]

    def test_categories_are_label_types_of_a_project_of_ours(self, server):
        known = {label.text for label in category_types(find_project().scheme)}
        given_names = set()
        for sample in SAMPLES:
            for row in map(json.loads, server.upload("/tag", sample.name, sample.read_bytes()).text.splitlines()):
                if row["labels"]:
                    answer = server.send("/autolabel/categories", {"text": row["text"]})
                    given_names |= {item["label"] for item in answer.json["categories"]}
        assert given_names <= known
        assert any(":" not in name for name in given_names)

    def test_a_body_that_is_the_text_itself_is_labelled_the_same(self, server):
        text = 'She said "no".\nUNICEF has 12 beds.'
        for kind in ("spans", "categories"):
            raw = server.ask("POST", f"/autolabel/{kind}", text, Content_Type="text/plain; charset=utf-8")
            assert raw.status == 200 and raw.body == server.send(f"/autolabel/{kind}", {"text": text}).body

    def test_what_stands_above_a_passage_has_no_labels_and_moves_them(self, server):
        passage = "😀 UNICEF has 12 beds in Tirana. Families blame those who come back."
        shown = with_lead(["Q. Did the Ministry of Boats 😀 leave Vlora?", "Workshop · 2021-05-03"], passage)
        moved = server.send("/autolabel/spans", {"text": shown}).json["spans"]
        lead = len(shown[: lead_of(shown)].encode("utf-16-le")) // 2
        plain = server.send("/autolabel/spans", {"text": passage}).json["spans"]
        assert [{**item, "start_offset": item["start_offset"] + lead, "end_offset": item["end_offset"] + lead} for item in plain] == moved
        themes = [server.send("/autolabel/categories", {"text": text}).json for text in (shown, passage)]
        assert themes[0] == themes[1]

    def test_a_text_of_nothing_has_no_labels(self, server):
        for text in ("", " \n\t", "​"):
            assert server.send("/autolabel/spans", {"text": text}).json == {"spans": []}
            assert server.send("/autolabel/categories", {"text": text}).json == {"categories": []}

    def test_hostile_text_gives_labels_of_the_scheme_only(self, server):
        text = f"{HOSTILE} UNICEF in Tirana {HOSTILE}"
        spans = server.send("/autolabel/spans", {"text": text}).json["spans"]
        assert {span["label"] for span in spans} <= set(find_project().scheme.entity_ids)
        assert ("ORG", "UNICEF") in words(text, spans)
        assert server.send("/autolabel/categories", {"text": text}).status == 200

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.sampled_from(["UNICEF", "Tirana", "12 beds", "9,000 lek", "😀", "𝒳", "é", "אב", "\r\n", "\t", " in ", "** ", "| "]),
            max_size=20,
        )
    )
    def test_any_text_has_spans_in_it_in_order(self, pieces):
        text = " ".join(pieces)
        spans = autolabel.spans(ffm.load(), text)
        ends = [0]
        for span in spans:
            assert ends[-1] <= span["start_offset"] < span["end_offset"] <= len(text.encode("utf-16-le")) // 2
            assert in_utf16(text, span["start_offset"], span["end_offset"]).strip()
            ends.append(span["end_offset"])

    def test_the_components_that_were_left_out_are_there_again(self):
        nlp = ffm.load()
        before = list(nlp.pipe_names)
        autolabel.warm_up(nlp)
        assert nlp.pipe_names == before

    @pytest.mark.parametrize(
        ("body", "status", "wrong"),
        [
            (b"{", 400, "not JSON of the form"),
            (b'{"text": 3}', 400, "Expected `str`, got `int`"),
            (b'{"words": "x"}', 400, "missing required field `text`"),
            (b'{"text": "\xff"}', 400, "not JSON of the form"),
            (b'{"text": "\\ud83d"}', 400, ""),
            (b"[" * 100_000, 400, "not JSON of the form"),
            (json.dumps({"text": "a" * 20_001}).encode(), 413, "20,001 characters are over the limit of 20,000"),
            (b'{"text": "' + b"a" * 2_000_001 + b'"}', 413, "more than 2 MB were sent"),
        ],
    )
    def test_what_is_no_text_to_label_is_refused_in_one_line(self, server, body, status, wrong):
        for kind in ("spans", "categories"):
            answer = server.ask("POST", f"/autolabel/{kind}", body, Content_Type="application/json")
            assert answer.status == status and wrong in answer.error

    def test_the_longest_text_is_labelled(self, server):
        text = (BIG[:19_990]).rsplit(".", 1)[0] + "."
        assert len(server.send("/autolabel/spans", {"text": text}).json["spans"]) > 100

    def test_bytes_that_are_no_utf8_are_refused(self, server):
        assert "not UTF-8" in server.ask("POST", "/autolabel/spans", b"caf\xe9", Content_Type="text/plain").error


class TestTagging:
    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
    def test_an_upload_gives_the_bytes_of_ffm_tag(self, server, run_ffm, tmp_path, sample):
        assert run_ffm("tag", sample, "-o", tmp_path / "rows.jsonl").code == 0
        answer = server.upload("/tag", sample.name, sample.read_bytes())
        assert answer.status == 200 and answer.headers["content-type"] == "application/x-ndjson"
        assert answer.body == (tmp_path / "rows.jsonl").read_bytes()
        text = sample.read_bytes().decode("utf-8")
        assert server.send("/tag", {"text": text, "name": sample.stem}).body == answer.body

    def test_a_pasted_text_counts_its_ends_of_lines_as_one_character(self, server):
        form = '--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n# Notes\r\n\r\nUNICEF has 12 beds.\r\n--x--\r\n'
        answer = server.ask("POST", "/tag", form, Content_Type="multipart/form-data; boundary=x")
        (row,) = map(json.loads, answer.text.splitlines())
        assert row["start"] == len("# Notes\n\n") and row["report"] == "pasted-text"

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("../../etc/passwd.md", "passwd"),
            ("C:\\reports\\a b.md", "a-b"),
            (".hidden.md", "hidden"),
            ("<b>x.md", "b-x"),
            ("é" * 300 + ".md", "é" * 80),
        ],
    )
    def test_names_of_files_are_made_safe(self, server, name, shown):
        (row,) = map(json.loads, server.upload("/tag", name, b"One nurse works in Shkodra.").text.splitlines())
        assert row["report"] == shown

    @pytest.mark.parametrize(
        ("name", "data", "wrong"),
        [
            ("a.exe", b"MZ", "a.exe: cannot read .exe"),
            ("a.pdf", b"%PDF-1.4 damaged", "a.pdf: not a readable PDF"),
            ("a.txt", b"%PDF-1.4\n1 0 obj\n", "a.txt: a PDF under the name .txt; rename it to .pdf"),
            ("a.md", b"  \n", "a.md: holds no text"),
            ("a.md", b"\xff\xfeT\0\0\xd8", "a.md: damaged UTF-16 text"),
            ("a.docx", b"PK\x03\x04 and no more", "a.docx: not a readable .docx"),
            ("a.html", b"<html><body><nav>Home</nav></body></html>", "a.html: the page holds no text"),
            ("a.txt", b"\0\1\2" * 999, "a.txt: binary data"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_named_without_its_place_here(self, server, name, data, wrong):
        answer = server.upload("/tag", name, data)
        assert answer.status == 422 and answer.error.startswith(wrong) and "/" not in answer.error

    def test_what_is_no_report_is_refused(self, server):
        assert "both a text and a file" in server.upload("/tag", "a.md", b"x", text="y").error
        assert "no text and no file" in server.upload("/tag", "", b"").error
        assert server.ask("POST", "/tag", "a=b", Content_Type="application/x-www-form-urlencoded").status == 415
        assert server.ask("POST", "/tag", "x", Content_Type="multipart/form-data").status == 400
        assert server.ask("POST", "/tag", "x", Content_Type="multipart/form-data; boundary=x").status == 400
        assert "the text is empty" in server.send("/tag", {"text": " "}).error
        assert "unknown field" in server.send("/tag", {"text": "x", "path": "/etc/passwd"}).error
        assert "more than 21 MB were sent" in server.upload("/tag", "a.md", b"a" * 21_000_001).error

    def test_nothing_is_kept(self, server, tmp_path, monkeypatch):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        assert server.upload("/tag", "a.md", b"One nurse works in Shkodra.").status == 200
        assert server.upload("/read", "a.exe", b"One nurse works in Shkodra.").status == 422
        assert not list(tmp_path.iterdir())


class TestLimits:
    @pytest.fixture(scope="class")
    def impatient(self) -> Served:
        """A server that gives a report one second, and takes one at a time."""
        limits = Limits(report_seconds=1.0, report_places=1, body_seconds=0.5)
        reports = Pool(None, uploads.warm_up, limits.report_seconds, limits.report_places)
        try:
            with served(Workers(shared_workers().labels, reports), limits=limits) as running:
                yield running
        finally:
            reports.stop()

    def test_what_takes_too_long_is_ended_and_the_next_is_served(self, impatient, tmp_path, monkeypatch):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        assert impatient.send("/tag", {"text": "One nurse works in Shkodra."}).status == 200
        started = time.monotonic()
        answer = impatient.send("/tag", {"text": BIG})
        assert answer.status == 504 and "not done within 1 s" in answer.error
        assert time.monotonic() - started < 10
        assert not list(tmp_path.iterdir())
        assert impatient.send("/tag", {"text": "One nurse works in Shkodra."}).status == 200
        page = impatient.upload("/read", "big.md", BIG.encode())
        assert page.status == 504 and "not done within 1 s" in page.text and "<form" in page.text

    def test_more_than_it_can_take_is_refused_and_labels_do_not_wait(self, impatient):
        slow = threading.Thread(target=impatient.send, args=("/tag", {"text": BIG}))
        slow.start()
        time.sleep(0.4)
        answer = impatient.send("/tag", {"text": "x"})
        labels = impatient.send("/autolabel/spans", {"text": "UNICEF"})
        still_at_work = slow.is_alive()
        slow.join()
        assert answer.status == 503 and "busy" in answer.error and answer.headers["retry-after"] == "1"
        assert labels.json["spans"] and still_at_work

    def test_a_body_that_does_not_arrive_is_given_up(self, impatient):
        with socket.create_connection(("127.0.0.1", impatient.port), timeout=20) as line:
            line.sendall(b"POST /tag HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")
            assert b"408" in line.recv(4000).splitlines()[0]

    def test_a_process_that_was_killed_is_replaced(self, impatient):
        (first,) = shared_workers().labels.workers
        first._process.kill()
        first._process.join()
        assert impatient.send("/autolabel/spans", {"text": "UNICEF"}).json["spans"]


class TestConnections:
    HALF = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"

    def test_many_half_sent_headers_do_not_keep_others_out(self, server):
        lines = [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in range(80)]
        try:
            for line in lines:
                line.sendall(self.HALF)
            started = time.monotonic()
            assert server.ask("GET", "/healthz").json == {"status": "ok"}
            assert server.send("/autolabel/spans", {"text": "UNICEF"}).status == 200
            assert time.monotonic() - started < 5
            head, _, body = lines[0].recv(4000).partition(b"\r\n\r\n")
            assert b" 503 " in head.splitlines()[0] and b"nosniff" in head
            assert "too many connections" in json.loads(body)["error"]
        finally:
            for line in lines:
                line.close()

    def test_headers_that_do_not_arrive_are_given_up(self, monkeypatch):
        monkeypatch.setattr("ffm.server.connections.HEADER_SECONDS", 0.5)
        with served(shared_workers()) as other, socket.create_connection(("127.0.0.1", other.port), timeout=20) as line:
            line.sendall(self.HALF)
            head, _, body = line.recv(4000).partition(b"\r\n\r\n")
            assert b" 408 " in head.splitlines()[0] and "within 0.5 s" in json.loads(body)["error"]
            assert line.recv(10) == b""
            with socket.create_connection(("127.0.0.1", other.port), timeout=20) as silent:
                assert silent.recv(10) == b""
            with socket.create_connection(("127.0.0.1", other.port), timeout=20) as second:
                second.sendall(self.HALF + b"\r\n")
                answered = b""
                while not answered.endswith(b"}"):
                    answered += second.recv(4000)
                assert b" 200 " in answered.splitlines()[0]
                second.sendall(self.HALF)
                assert b" 408 " in second.recv(4000).splitlines()[0]

    def test_what_is_no_request_is_refused_in_one_line(self, server):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
            line.sendall(b"\x16\x03\x01 hello\r\n\r\n")
            head, _, body = line.recv(4000).partition(b"\r\n\r\n")
        assert b" 400 " in head.splitlines()[0] and json.loads(body)["error"].startswith("not a request of HTTP/1.1")

    def test_a_client_that_goes_away_is_no_traceback(self, server, caplog, capfd):
        head = b"Host: localhost\r\nContent-Type: %s\r\nContent-Length: 99\r\n\r\n"
        for path, kind in (
            (b"/tag", b"application/json"),
            (b"/read", b"multipart/form-data; boundary=x"),
            (b"/autolabel/spans", b"text/plain"),
        ):
            with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
                line.sendall(b"POST " + path + b" HTTP/1.1\r\n" + head % kind + b"--x\r\n")
        slow = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        slow.sendall(
            b"POST /tag HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n"
            + b'{"text": "One loaf"}'
        )
        slow.close()
        time.sleep(0.5)
        assert server.ask("GET", "/healthz").status == 200
        assert not [record for record in caplog.records if record.levelname == "ERROR"]
        assert "Traceback" not in "".join(capfd.readouterr())

    def test_forty_requests_at_once_queue(self, server):
        statuses: list[int] = []
        send = lambda: statuses.append(server.send("/autolabel/spans", {"text": "UNICEF has 12 beds."}).status)  # noqa: E731
        threads = [threading.Thread(target=send) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert statuses == [200] * 40

    def test_what_servers_that_were_killed_have_left_is_removed_at_the_start(self, tmp_path, monkeypatch):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True)
        left = tmp_path / f"ffm-serve-{gone.stdout.strip()}-abc"
        kept = [tmp_path / f"ffm-serve-{os.getpid()}-abc", tmp_path / "ffm-serve-x-abc", tmp_path / "other"]
        for folder in (left, *kept):
            folder.mkdir()
            (folder / "report.md").write_text("x")
        uploads.remove_left_over()
        assert sorted(tmp_path.iterdir()) == sorted(kept)

    def test_folders_that_other_servers_remove_meanwhile_do_not_end_a_start(self, tmp_path, monkeypatch):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        ended = threading.Event()

        def come_and_go() -> None:
            while not ended.is_set():
                with uploads.kept_file("a.md", b"x"):
                    pass

        others = [threading.Thread(target=come_and_go, daemon=True) for _ in range(2)]
        for other in others:
            other.start()
        try:
            for _ in range(400):
                uploads.remove_left_over()
        finally:
            ended.set()
            for other in others:
                other.join()


class TestAccess:
    @pytest.fixture(scope="class")
    def closed(self) -> Served:
        with served(shared_workers(), Access(loopback=False, token=TOKEN)) as running:
            yield running

    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/"), ("GET", "/healthz"), ("GET", "/nothing"), ("POST", "/tag"), ("PUT", "/tag"), ("GET", "/read")]
    )
    def test_every_answer_carries_the_headers(self, server, method, path):
        headers = server.ask(method, path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert not {"server", "access-control-allow-origin"} & set(headers)

    def test_the_host_must_be_this_machine(self, server):
        for host in ("localhost", f"127.0.0.1:{server.port}", "[::1]:80", "LOCALHOST:1"):
            assert server.ask("GET", "/", Host=host).status == 200
        for host in ("evil.example", "localhost.evil.example", "127.0.0.1.nip.io:8137", "", "[::2]"):
            assert server.ask("GET", "/", Host=host).status == 421

    def test_pages_of_other_sites_cannot_post(self, server):
        for headers in ({"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}):
            assert "another site" in server.send("/tag", {"text": "x"}, **headers).error
        for headers in ({"Origin": f"http://127.0.0.1:{server.port}"}, {"Origin": "null", "Sec_Fetch_Site": "same-origin"}):
            assert server.send("/tag", {"text": "x"}, **headers).status == 200

    def test_without_the_token_nothing_is_done(self, closed):
        for bearer in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": f"Bearer {TOKEN}x"}):
            for path in ("/tag", "/autolabel/spans", "/autolabel/categories", "/nothing"):
                answer = closed.send(path, {"text": "x"}, **bearer)
                assert answer.status == 401 and "a token is needed" in answer.error
            assert closed.ask("GET", "/", **bearer).status == 401
            assert closed.upload("/read", "a.md", b"UNICEF", **bearer).status == 401
        assert closed.ask("GET", "/healthz").json == {"status": "ok"}

    def test_with_the_token_all_is_open(self, closed):
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        assert closed.send("/autolabel/spans", {"text": "UNICEF"}, **bearer).status == 200
        assert closed.send("/tag", {"text": "UNICEF"}, **bearer, Host="reports.example").status == 200
        assert "<textarea" in closed.ask("GET", "/", **bearer).text

    def test_a_browser_signs_in_with_the_token(self, closed):
        form = {"Content_Type": "application/x-www-form-urlencoded"}
        assert 'type="password"' in closed.ask("GET", "/").text
        refused = closed.ask("POST", "/sign-in", "token=wrong", **form)
        assert refused.status == 403 and "set-cookie" not in refused.headers and "not the token" in refused.text
        answer = closed.ask("POST", "/sign-in", f"token={TOKEN}", **form)
        cookie = answer.headers["set-cookie"]
        assert answer.status == 303 and "HttpOnly" in cookie and "SameSite=strict" in cookie and TOKEN not in cookie
        session = cookie.partition(";")[0]
        assert "<textarea" in closed.ask("GET", "/", Cookie=session).text
        assert closed.upload("/read", "a.md", b"UNICEF has 12 beds.", Cookie=session).status == 200
        assert closed.send("/tag", {"text": "x"}, Cookie=session).status == 401
        for other in (session[:-1], session.replace("=", "=9"), f"{COOKIE}=", f"{COOKIE}=x.y", "=;=", f"{COOKIE}=é.é"):
            assert closed.ask("GET", "/", Cookie=other.encode().decode("latin-1")).status == 401
        assert "Max-Age=0" in closed.ask("POST", "/sign-out", Cookie=session).headers["set-cookie"]
        assert closed.ask("GET", "/", Cookie=session).status == 401  # a copy of the cookie has ended too

    def test_wrong_tokens_make_the_next_try_wait_and_many_at_once_are_refused(self):
        form = {"Content_Type": "application/x-www-form-urlencoded"}
        with served(shared_workers(), Access(loopback=False, token=TOKEN)) as other:
            started = time.monotonic()
            assert [other.ask("POST", "/sign-in", "token=wrong", **form).status for _ in range(3)] == [403] * 3
            assert time.monotonic() - started > 1.4
            statuses: list[int] = []
            guess = lambda: statuses.append(other.ask("POST", "/sign-in", "token=wrong", **form).status)  # noqa: E731
            guesses = [threading.Thread(target=guess, daemon=True) for _ in range(20)]
            for thread in guesses:
                thread.start()
            time.sleep(1)
            assert statuses.count(429) >= 11
            assert statuses.count(403) <= 1

    def test_too_many_sessions_end_the_oldest(self, monkeypatch):
        from starlette.datastructures import Headers

        monkeypatch.setattr("ffm.server.access.MOST_SESSIONS", 2)
        access = Access(loopback=False, token=TOKEN)
        cookies = [Headers({"cookie": f"{COOKIE}={access.new_session()}"}) for _ in range(3)]
        assert [access.has_token(cookie, page=True) for cookie in cookies] == [False, True, True]

    def test_a_session_ends(self, monkeypatch):
        from starlette.datastructures import Headers

        access = Access(loopback=False, token=TOKEN)
        headers = Headers({"cookie": f"{COOKIE}={access.new_session()}"})
        assert access.has_token(headers, page=True)
        later = time.time() + SESSION_SECONDS + 1
        monkeypatch.setattr(time, "time", lambda: later)
        assert not access.has_token(headers, page=True)

    def test_hosts(self):
        assert all(is_loopback(host) for host in ("localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]"))
        assert not any(is_loopback(host) for host in ("0.0.0.0", "::", "192.168.1.1", "", "localhost.example", "example.org"))
        assert [host_of(header) for header in ("a:1", "[::1]:1", "a", "", "[")] == ["a", "::1", "a", "", ""]

    @pytest.mark.parametrize(
        ("host", "token"),
        [("0.0.0.0", ""), ("127.0.0.1", "short"), ("::", "short"), ("localhost", "with a space in it"), ("10.0.0.1", "é" * 20)],
    )
    def test_no_token_or_a_bad_one_is_refused(self, host, token):
        with pytest.raises(ServeError, match="FFM_SERVE_TOKEN"):
            check_access(host, token)
        assert check_access("0.0.0.0", TOKEN) == Access(False, TOKEN)


class TestCommand:
    def test_other_hosts_need_a_token(self, refused, monkeypatch):
        monkeypatch.delenv("FFM_SERVE_TOKEN", raising=False)
        assert "set FFM_SERVE_TOKEN" in refused("serve", "--host", "0.0.0.0")

    def test_a_taken_port_and_a_missing_model_are_named(self, refused, tmp_path):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            assert "choose another --port" in refused("serve", "--port", str(taken.getsockname()[1]))
        assert "no model here" in refused("serve", "--port", "0", "--model", tmp_path)

    def test_without_its_packages_it_names_the_extra(self, refused, monkeypatch):
        real = importlib.util.find_spec
        monkeypatch.setattr("ffm.cli.serve.find_spec", lambda name: None if name == "starlette" else real(name))
        assert 'pip install "ffm-nlp[serve]"' in refused("serve")

    def test_the_command_does_not_load_the_server_for_other_commands(self):
        code = "import sys, ffm.cli; sys.exit(any(name.partition('.')[0] in ('starlette', 'uvicorn') for name in sys.modules))"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

    @pytest.mark.skipif(os.name != "posix", reason="signals")
    @pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
    def test_it_starts_answers_and_stops(self, number):
        words = [str(Path(sys.executable).parent / "ffm"), "serve", "--port", "0"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
            try:
                address = process.stdout.readline().partition(": ")[0]
                with urllib.request.urlopen(f"{address}healthz", timeout=20) as answer:
                    assert json.load(answer) == {"status": "ok"}
                os.killpg(process.pid, number)
                out, err = process.communicate(timeout=30)
            finally:
                process.kill()
        assert (process.returncode, out, err) == (0, "stopped\n", "")


class Tags(HTMLParser):
    """Collects what a test looks at in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def values(self, *names: str) -> list[str]:
        return [value or "" for name, value in self.attributes if name in names]


class TestPage:
    @pytest.fixture(scope="class")
    def page(self, server) -> str:
        return server.upload("/read", SAMPLES[1].name, SAMPLES[1].read_bytes()).text

    def test_needs_nothing_else(self, page):
        tags = Tags(page)
        assert not {"script", "img", "link", "iframe", "object", "base"} & set(tags.tags)
        assert not [name for name, _ in tags.attributes if name.startswith("on") or name == "style"]
        assert all(value.startswith("#") or value == "/" for value in tags.values("href", "src", "action"))

    def test_shows_only_the_passages_that_the_form_asks_for(self, server):
        mark = "mark0123"
        text = "UNICEF has 12 beds.\n\nThe town pays 9,000 lek.\n\nBirds sing."

        def ask(**fields: str) -> Answer:
            parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
            return server.ask("POST", "/read", "".join(parts) + f"--{mark}--\r\n", Content_Type=f"multipart/form-data; boundary={mark}")

        everything = ask(text=text, source="", amount="", entity="")
        assert everything.text.count("<article") == 3 and "that fit" not in everything.text
        some = ask(text=text, source="", amount="5000.. ALL").text
        assert some.count("<article") == 1 and "9,000 lek" in some
        assert "Only passages that fit (amount 5000.. ALL): 1 of 3." in some
        assert "or none that fit" in ask(text=text, entity="<b>").text
        refused = ask(text=text, amount="much")
        assert refused.status == 400 and "is no range; write it as" in refused.text

    def test_every_link_and_description_has_its_target(self, page):
        tags = Tags(page)
        ids = tags.values("id")
        assert len(ids) == len(set(ids))
        assert {value[1:] for value in tags.values("href") if value != "/"} <= set(ids)
        assert set(tags.values("aria-labelledby", "aria-describedby", "for")) <= set(ids)

    def test_the_nonce_is_new_each_time_and_that_of_the_header(self, server):
        nonces = set()
        for _ in range(2):
            answer = server.upload("/read", "a.md", b"UNICEF has 12 beds.")
            (nonce,) = re.findall(r'<style nonce="([^"]+)"', answer.text)
            assert f"style-src 'nonce-{nonce}'" in answer.headers["content-security-policy"]
            nonces.add(nonce)
        assert len(nonces) == 2

    def test_tells_the_figures_of_the_model(self, page):
        figures = json.loads((ROOT / "models/ffm-en/figures.json").read_text())["themes"]["scores"]["stigma"]
        assert f"Stigma: {figures['precision']:.0%} of its labels are right (precision), {figures['recall']:.0%}" in page

    def test_tells_where_there_are_no_figures(self, tmp_path):
        assert "without measured figures" in reading.render_reading("a", [], [], find_project().scheme, tmp_path, "n")

    def test_a_refused_report_leaves_the_form_with_the_reason(self, server):
        answer = server.upload("/read", "<i>.exe", b"x")
        assert answer.status == 422 and 'role="alert"' in answer.text and "cannot read .exe" in answer.text and "<textarea" in answer.text

    def test_tells_which_pages_of_the_file_could_not_be_read(self, server, monkeypatch):
        drawing = pytest.importorskip("drawing")
        paper = drawing.Paper(drawing.A4)
        paper.paragraph(drawing.WORDS, 60, 700)
        paper.page()
        picture = pytest.importorskip("PIL.Image").new("L", (60, 80), 200)
        paper.drawImage(importlib.import_module("reportlab.lib.utils").ImageReader(picture), 0, 0, 595, 842)
        text = server.upload("/read", "a<b>.pdf", paper.data()).text
        (notices,) = re.findall(r'<ul class="notices".*?</ul>', text, re.DOTALL)
        assert "a-b-.pdf: page 2 of the PDF holds no text" in notices and "/" not in re.sub(r"</\w+>", "", notices)

    def test_notices_are_escaped(self):
        page = reading.render_reading("a", [], ["<img src=x>: page 2"], find_project().scheme, None, "n")
        assert "&lt;img src=x&gt;: page 2" in page and "<img" not in page

    def test_an_address_that_is_reloaded_leads_to_the_form(self, server):
        assert server.ask("GET", "/read").headers["location"] == "/"

    @pytest.mark.parametrize(
        ("amount", "value"),
        [
            (Entity(0, 1, "AMOUNT", "x", kind="money", low=17_600_000.0, high=17_600_000.0, currency="ALL"), "money: 17,600,000 ALL"),
            (Entity(0, 1, "AMOUNT", "x", kind="money", low=200, high=250.5, currency="EUR"), "money: 200 to 250.5 EUR"),
            (Entity(0, 1, "AMOUNT", "x", kind="percent", low=70, high=80), "percent: 70 to 80%"),
            (Entity(0, 1, "AMOUNT", "x", kind="count", low=4, high=4, noun="shelters"), "count: 4 × shelters"),
            (Entity(0, 1, "AMOUNT", "x", kind="count", low=4, high=4), "count: 4"),
            (Entity(0, 1, "ORG", "x", id="x"), ""),
        ],
    )
    def test_values(self, amount, value):
        assert reading.value_text(amount) == value

    def test_an_entity_that_a_page_break_cuts_is_one_mark(self):
        entity = Entity(17, 46, "ORG", "Terre des Hommes", parts=((17, 26), (40, 46)))
        pieces = reading.pieces_of("run by Terre des Hommes ok", ((10, 26), (40, 49)), [entity])
        assert "".join(piece.text for piece in pieces) == "run by Terre des Hommes ok"
        assert [piece.text for piece in pieces if piece.label] == ["Terre des Hommes"]

    def test_tables_have_rows_and_cells(self):
        pieces = [
            reading.Piece("| Town | Beds |\n|---|:-:|\n| "),
            reading.Piece("Vlora", "PLACE"),
            reading.Piece(" | "),
            reading.Piece("12", "AMOUNT", "count: 12"),
            reading.Piece(" |\n"),
        ]
        rows = [[[piece.text.strip() for piece in cell] for cell in row] for row in reading.table_rows(pieces)]
        assert rows == [[["Town"], ["Beds"]], [["Vlora"], ["12"]]]
        assert reading.table_rows([reading.Piece("no borders\nat all")]) == []

    def test_no_theme_stands_in_the_code(self):
        for path in Path(reading.__file__).parent.iterdir():
            if path.suffix in (".py", ".jinja"):
                assert not [theme for theme in find_project().scheme.theme_ids if f'"{theme}"' in path.read_text(encoding="utf-8")]
