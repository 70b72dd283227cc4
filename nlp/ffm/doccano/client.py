"""The one adapter over doccano-client: paging, tasks that end, and errors of one line."""

from __future__ import annotations

import io
import os
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import requests
from doccano_client import DoccanoClient
from msgspec import Struct
from pydantic import ValidationError

from ffm.doccano.connection import AUTHORITIES, LimitedAdapter, Limits, asks_itself_alone, check_address, is_loopback, why_not_secure
from ffm.doccano.errors import DoccanoError
from ffm.exchange.categories import LabelType

PROJECT_TYPE = "IntentDetectionAndSlotFilling"
ANNOTATE = "intent-detection-and-slot-filling"  # the path of the page on which it is annotated
FORMAT = "JSONL"
PAGE = 1000  # examples in a page; doccano's own size is 5
KINDS = ("category", "span")
SLOWEST_POLL = 1.0


class Project(Struct, frozen=True):
    """A project on the server."""

    id: int
    name: str
    type: str
    collaborative: bool
    tags: tuple[str, ...]
    guideline: str
    description: str


class KnownType(Struct, frozen=True):
    """A label type of a project on the server."""

    id: int
    label: LabelType


class Remark(Struct, frozen=True):
    """A comment on an example: who wrote it, and on which day (ISO 8601)."""

    example: int
    author: str
    date: str
    text: str


class Server:
    """A doccano server, as one user sees it."""

    def __init__(self, address: str, user: str, password: str, limits: Limits | None = None) -> None:
        self.address = check_address(address)
        self.user = user
        self.limits = limits or Limits()
        self._client = DoccanoClient(self.address)
        self._http = self._client._base_repository
        session = self._http._session
        session.mount("http://", LimitedAdapter(self.limits))
        session.mount("https://", LimitedAdapter(self.limits))
        session.max_redirects = 0
        if is_loopback(self.address):
            session.trust_env = False  # no proxy stands between this machine and itself
            session.verify = os.environ.get(AUTHORITIES) or True
        self._login(password)

    def _login(self, password: str) -> None:
        try:
            with self._doing("logging in"):
                self._client.login(self.user, password)
        except _Refused as error:
            if error.status in (400, 401, 403):
                raise DoccanoError(
                    f'{self.address}: doccano refused the user "{self.user}" or the password; check FFM_DOCCANO_USER and FFM_DOCCANO_PASSWORD'
                ) from None
            raise DoccanoError(f"{self.address}: no doccano answers here ({error.status}); check FFM_DOCCANO_URL") from None
        if not self._http._session.cookies.get("csrftoken"):
            raise DoccanoError(f"{self.address}: what answers here is no doccano; check FFM_DOCCANO_URL")

    @contextmanager
    def _doing(self, what: str) -> Iterator[None]:
        """Turn what goes wrong within into one line."""
        try:
            yield
        except requests.HTTPError as error:
            status = error.response.status_code if error.response is not None else 0
            if what == "logging in":
                raise _Refused(status) from None
            reasons = {
                401: "the login has ended; run the command again",
                403: f'"{self.user}" may not do that; log in as an administrator of the project or of the server',
                404: "doccano does not know it (any more); look at the project, then run the command again",
            }
            reason = reasons.get(status, f"doccano answered {status} ({_brief(error)}); see its log, then run the command again")
            raise DoccanoError(f"{self.address}: {what}: {reason}") from None
        except requests.TooManyRedirects:
            raise DoccanoError(f"{self.address}: sends on to another address; put that one into FFM_DOCCANO_URL") from None
        except requests.exceptions.SSLError as error:
            raise DoccanoError(f"{self.address}: {what}: {why_not_secure(error)}") from None
        except requests.Timeout:
            raise DoccanoError(
                f"{self.address}: {what}: no answer in time; see whether the server is up, then run the same command again to go on"
            ) from None
        except (requests.JSONDecodeError, ValidationError, KeyError, msgspec.DecodeError, zipfile.BadZipFile):
            raise DoccanoError(
                f"{self.address}: {what}: the answer is not that of doccano 1.8; check FFM_DOCCANO_URL and its version"
            ) from None
        except requests.RequestException:
            raise DoccanoError(
                f"{self.address}: {what}: the server cannot be reached or went away; start it or check FFM_DOCCANO_URL, "
                "then run the same command again to go on"
            ) from None

    def projects(self) -> list[Project]:
        """Return the projects of which the user is a member."""
        with self._doing("listing the projects"):
            return [_project(item) for item in self._pages("projects")]

    def _pages(self, resource: str) -> Iterator[dict[str, Any]]:
        """Yield the results of all pages; the client's own walk asks for five results at a time."""
        offset = 0
        while True:
            page = self._http.get(resource, params={"limit": PAGE, "offset": offset}).json()
            yield from page["results"]
            offset += len(page["results"])
            if not page["results"] or offset >= page["count"]:
                return

    def create_project(self, name: str, collaborative: bool, tags: Sequence[str], guideline: str, description: str) -> Project:
        """Make a project."""
        body = {
            "name": name,
            "project_type": PROJECT_TYPE,
            "resourcetype": f"{PROJECT_TYPE}Project",
            "collaborative_annotation": collaborative,
            "tags": [{"text": tag} for tag in tags],
            "guideline": guideline,
            "description": description,
        }
        with self._doing(f'making the project "{name}"'):
            return _project(self._http.post("projects", json=body).json())

    def update_project(self, project: Project, guideline: str, description: str) -> None:
        """Give a project another guideline and description."""
        with self._doing(f'updating the project "{project.name}"'):
            self._client.update_project(project.id, guideline=guideline, description=description)

    def label_types(self, project: Project, kind: str) -> list[KnownType]:
        """Return a project's label types, "category" or "span"."""
        with self._doing(f'reading the labels of "{project.name}"'):
            return [
                KnownType(item.id, LabelType(str(item.text), str(item.background_color), item.prefix_key, item.suffix_key))
                for item in self._client.list_label_types(project.id, kind)
            ]

    def create_label_types(self, project: Project, kind: str, labels: Sequence[LabelType]) -> None:
        """Make label types, all or none."""
        with self._doing(f'making labels of "{project.name}"'), tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "labels.json"
            path.write_bytes(msgspec.json.encode([_type_body(label) for label in labels]))
            self._client.upload_label_type(project.id, str(path), kind)

    def update_label_type(self, project: Project, kind: str, known: KnownType, label: LabelType) -> None:
        """Give a label type another colour or key; its annotations stay."""
        with self._doing(f'updating the label "{label.text}" of "{project.name}"'):
            self._http.put(f"projects/{project.id}/{kind}-types/{known.id}", json={"id": known.id, **_type_body(label)})

    def members(self, project: Project) -> dict[str, str]:
        """Return the members of a project with their roles."""
        with self._doing(f'reading the members of "{project.name}"'):
            return {item.username: item.rolename for item in self._client.list_members(project.id)}

    def add_member(self, project: Project, name: str, role: str) -> None:
        """Make a user a member."""
        with self._doing(f'adding "{name}" to "{project.name}"'):
            try:
                self._client.add_member(project.id, name, role)
            except (requests.RequestException, ValidationError):
                raise
            except ValueError:
                raise DoccanoError(f'{self.address}: there is no user "{name}" any more; check the name') from None

    def keeps_to_itself(self) -> bool:
        """Tell whether its pages are kept from asking other sites: doccano's project home wants a script of a video site."""
        with self._doing("reading its headers"):
            headers = self._http._session.get(f"{self.address}/").headers
        return asks_itself_alone(headers.get("Content-Security-Policy", ""))

    def page(self, project: Project, number: int, confirmed: bool | None = None) -> str:
        """Return the address at which doccano shows a passage: the one of this number, from 1, of all or of those (not) confirmed."""
        checked = "" if confirmed is None else f"&isChecked={str(confirmed).lower()}"
        return f"{self.address}/projects/{project.id}/{ANNOTATE}?page={number}{checked}"

    def users(self) -> list[str]:
        """Return the names of all users."""
        with self._doing("listing the users"):
            return [item.username for item in self._client.search_users()]

    def progress(self, project: Project) -> tuple[int, dict[str, int]]:
        """Return the number of a project's passages, and how many each member has confirmed."""
        with self._doing(f'reading the progress of "{project.name}"'):
            found = self._http.get(f"projects/{project.id}/metrics/member-progress").json()
            return int(found["total"]), {item["user"]: int(item["done"]) for item in found["progress"]}

    def count(self, project: Project) -> int:
        """Return the number of a project's passages."""
        with self._doing(f'counting the passages of "{project.name}"'):
            return int(self._client.count_examples(project.id))

    def delete_examples(self, project: Project, examples: Sequence[int]) -> None:
        """Delete examples; none given, none deleted (doccano itself would then delete all)."""
        if examples:
            with self._doing(f'deleting passages of "{project.name}"'):
                self._client.bulk_delete_examples(project.id, list(examples))

    def upload(self, project: Project, content: str) -> list[str]:
        """Import JSON Lines in one file; return what doccano could not read, one line each.

        The task that doccano then starts is waited for; where it does not end in time, its file is taken back, so
        that it imports nothing should it begin later.
        """
        what = f'sending passages to "{project.name}"'
        with self._doing(what), tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "passages.jsonl"
            path.write_text(content, encoding="ascii")
            files = self._client._data_import_repository
            upload = files.upload(str(path))
            body = {"uploadIds": [upload], "task": PROJECT_TYPE, "format": FORMAT, "encoding": "utf_8"}
            wait = (self.limits.connect, self.limits.task)
            try:
                task = self._http.post(f"projects/{project.id}/upload", json=body, timeout=wait).json()["task_id"]
                found = self._wait(task, what)
            except _TaskError:
                with suppress(requests.RequestException):
                    files.delete(upload)
                raise
        failed = found.get("error") or []
        return [f"line {item.get('line', 0)}: {item.get('message', '')}" if isinstance(item, dict) else str(item) for item in failed]

    def _wait(self, task: str, what: str) -> dict[str, Any]:
        """Return the result of a task.

        Raises
        ------
        DoccanoError
            If it fails, or does not end in time.
        """
        deadline = time.monotonic() + self.limits.task
        pause = 0.05
        while True:
            status = self._http.get(f"tasks/status/{task}").json()
            if status["ready"]:
                break
            if time.monotonic() + pause > deadline:
                raise _TaskError(
                    f"{self.address}: {what}: doccano's task did not end in {self.limits.task:g} s; is its worker (doccano task) running? "
                    "start it, then run the same command again to go on"
                )
            time.sleep(pause)
            pause = min(2 * pause, SLOWEST_POLL)
        result = status.get("result")
        if status.get("error") and not isinstance(result, dict):
            raise _TaskError(
                f"{self.address}: {what}: doccano's task failed ({_brief(status['error'])}); see its log, then run the command again"
            )
        return result if isinstance(result, dict) else {}

    def download(self, project: Project, confirmed: bool = False) -> dict[str, list[dict[str, Any]]]:
        """Export a project.

        Parameters
        ----------
        confirmed
            Only what an annotator has confirmed.

        Returns
        -------
        dict
            Rows by the member who annotated them; all of a collaborative project under "all".
        """
        what = f'fetching annotations from "{project.name}"'
        with self._doing(what):
            wait = (self.limits.connect, self.limits.task)
            body = {"format": FORMAT, "exportApproved": confirmed}
            task = self._http.post(f"projects/{project.id}/download", json=body, timeout=wait).json()["task_id"]
            self._wait(task, what)
            answer = self._http.get(f"projects/{project.id}/download", params={"taskId": task}, timeout=wait)
            with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
                return {name.removesuffix(".jsonl"): _rows(archive.read(name)) for name in archive.namelist() if name.endswith(".jsonl")}

    def remarks(self, project: Project) -> list[Remark]:
        """Return the comments on a project's examples, the oldest first."""
        with self._doing(f'reading the comments of "{project.name}"'):
            pages = self._pages(f"projects/{project.id}/comments")
            return [Remark(item["example"], item["username"] or "", item["created_at"][:10], item["text"]) for item in pages]

    def auto_labels(self, project: Project) -> list[dict[str, Any]]:
        """Return a project's configurations of auto-labelling."""
        with self._doing(f'reading the auto-labelling of "{project.name}"'):
            return list(self._http.get(f"projects/{project.id}/auto-labeling/configs").json())

    def add_auto_label(self, project: Project, configuration: dict[str, Any]) -> None:
        """Add a configuration of auto-labelling."""
        with self._doing(f'writing the auto-labelling of "{project.name}"'):
            self._http.post(f"projects/{project.id}/auto-labeling/configs", json=configuration)

    def delete_auto_label(self, project: Project, configuration: int) -> None:
        """Delete a configuration of auto-labelling."""
        with self._doing(f'writing the auto-labelling of "{project.name}"'):
            self._http.delete(f"projects/{project.id}/auto-labeling/configs/{configuration}")


class _Refused(Exception):
    """A login that was refused, with its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _TaskError(DoccanoError):
    """A task of the server that failed or did not end."""


def _project(item: dict[str, Any]) -> Project:
    tags = tuple(tag["text"] for tag in item.get("tags", ()))
    guideline, description = item.get("guideline", ""), item.get("description", "")
    return Project(item["id"], item["name"], item["project_type"], bool(item["collaborative_annotation"]), tags, guideline, description)


def _type_body(label: LabelType) -> dict[str, Any]:
    return {
        "text": label.text,
        "prefix_key": label.prefix,
        "suffix_key": label.suffix,
        "background_color": label.colour,
        "text_color": "#ffffff",
    }


def _rows(content: bytes) -> list[dict[str, Any]]:
    """Return the rows of an export; that of an empty project is a blank line."""
    return [msgspec.json.decode(line, type=dict[str, Any]) for line in content.split(b"\n") if line.strip()]


def _brief(error: object) -> str:
    return " ".join(str(error).split())[:200]
