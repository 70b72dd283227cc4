"""A doccano on this machine, on loopback: installed from pinned files into an environment of its own, started, stopped."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from msgspec import Struct
from msgspec.structs import asdict

from ffm.doccano.errors import DoccanoError

HOME_VARIABLE = "FFM_DOCCANO_HOME"
PYTHON_VARIABLE = "FFM_DOCCANO_PYTHON"
FILES = Path(__file__).parent / "server_files"
PINS = FILES / "requirements.txt"
BUILD_PINS = FILES / "requirements-build.txt"
PYTHON = "3.11"  # that the pins are for
START_SECONDS = 60
STOP_SECONDS = 10

Tell = Callable[[str], None]


class Account(Struct, frozen=True):
    """A user of the server."""

    name: str
    password: str
    admin: bool = False


def home() -> Path:
    """Return the folder that holds the installed server: FFM_DOCCANO_HOME, else one in the user's cache."""
    given = os.environ.get(HOME_VARIABLE)
    if given:
        return Path(given).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ffm" / "doccano"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ffm" / "doccano"


class Installation(Struct, frozen=True):
    """An installed doccano.

    Attributes
    ----------
    folder
        Holds the environment and the template database, and is named after the pins.
    """

    folder: Path

    @property
    def python(self) -> Path:
        """The interpreter of its environment."""
        return self.folder / "venv" / "bin" / "python"

    @property
    def template(self) -> Path:
        """A database with doccano's tables and no users, which new servers begin with."""
        return self.folder / "template.sqlite3"

    def environment(self, data: Path, at_once: bool = True) -> dict[str, str]:
        """Return the environment variables of a process of the server whose data stand in a folder."""
        passed = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
        backend = next((self.folder / "venv" / "lib").glob("python*")) / "site-packages" / "backend"
        return {
            **passed,
            "PYTHONPATH": os.pathsep.join((str(FILES), str(backend))),
            "PYTHONPYCACHEPREFIX": str(self.folder / "pycache"),
            "DJANGO_SETTINGS_MODULE": "ffm_doccano_settings",
            "DOCCANO_HOME": str(data),
            "DATABASE_URL": f"sqlite:///{data / 'db.sqlite3'}",
            "STANDALONE": "True",
            "DEBUG": "False",
            "FFM_DOCCANO_TASKS": "at once" if at_once else "queued",
        }

    def run(self, data: Path, *words: str, text: str = "") -> None:
        """Run a script of the server to its end.

        Raises
        ------
        DoccanoError
            If it fails; the message has its last line.
        """
        done = subprocess.run(
            [self.python, *words], env=self.environment(data), cwd=data, input=text, capture_output=True, encoding="utf-8", check=False
        )
        if done.returncode:
            raise DoccanoError(f"{data}: doccano cannot be prepared ({_last_line(done.stderr)}); remove {self.folder} and try again")


def install(tell: Tell = lambda message: None) -> Installation:
    """Return the installed doccano, which is installed now if it is not there or not complete.

    Parameters
    ----------
    tell
        Called with what is being done, where that takes long.

    Raises
    ------
    DoccanoError
        If it cannot be installed here.
    """
    if sys.platform == "win32":
        raise DoccanoError("a local doccano runs on Linux and macOS only; use one on another machine, or in a container")
    key = hashlib.sha256(BUILD_PINS.read_bytes() + PINS.read_bytes()).hexdigest()[:12]
    found = Installation(home() / key)
    try:
        found.folder.mkdir(parents=True, exist_ok=True)
        with _in_turn(found.folder / "lock", tell):
            if not found.template.is_file():
                _install(found, tell)
    except OSError as error:
        raise DoccanoError(
            f"{found.folder}: doccano cannot be installed here ({error.strerror}); name another folder in {HOME_VARIABLE}"
        ) from None
    return found


def _install(found: Installation, tell: Tell) -> None:
    venv = found.folder / "venv"
    data = found.folder / "first"
    for folder in (venv, data):
        shutil.rmtree(folder, ignore_errors=True)
    tell(f"installing doccano into {found.folder} (once, about two minutes, 0.6 GB)")
    python = find_python()
    pip = ("-m", "pip", "--disable-pip-version-check", "--python", str(found.python), "install", "--progress-bar", "off")
    pinned = ("--no-compile", "--no-deps", "--require-hashes", "--no-build-isolation", "--requirement")
    for words in (
        (python, "-m", "venv", "--without-pip", str(venv)),
        (sys.executable, *pip, *pinned, str(BUILD_PINS)),
        (sys.executable, *pip, *pinned, str(PINS)),
    ):
        done = subprocess.run(words, capture_output=True, encoding="utf-8", errors="replace", check=False)
        if done.returncode:
            log = found.folder / "install.log"
            log.write_text(done.stdout + done.stderr, encoding="utf-8")
            raise DoccanoError(f"doccano cannot be installed ({first_error(done.stderr)}); see {log}, check the network and try again")
    tell("making its database (twenty seconds)")
    data.mkdir()
    for command in (("migrate", "--verbosity", "0"), ("create_roles",)):
        found.run(data, "-m", "django", *command)
    (data / "db.sqlite3").replace(found.template)
    shutil.rmtree(data)


def find_python() -> str:
    """Return an interpreter of the version that the pins are for.

    Raises
    ------
    DoccanoError
        If there is none.
    """
    given = os.environ.get(PYTHON_VARIABLE)
    if given:
        return given
    if sys.version_info[:2] == tuple(int(part) for part in PYTHON.split(".")):
        return sys.executable
    found = shutil.which(f"python{PYTHON}")
    if found is None:
        raise DoccanoError(f"doccano 1.8.4 needs Python {PYTHON}, which is not here; install it or name it in {PYTHON_VARIABLE}")
    return found


@contextmanager
def _in_turn(path: Path, tell: Tell) -> Iterator[None]:
    """Let one process at a time in; the others wait."""
    lock = FileLock(path)
    try:
        taken = lock.acquire(timeout=0)
    except Timeout:
        tell("another ffm installs doccano; waiting for it")
        taken = lock.acquire()
    with taken:
        yield


@contextmanager
def alone(data: Path, address: str) -> Iterator[None]:
    """Keep a server's folder for this process, and tell others where the server answers.

    Raises
    ------
    DoccanoError
        If another process keeps it.
    """
    _make_own(data)
    told = data / "running"
    try:
        taken = FileLock(data / "running.lock").acquire(timeout=0)
    except Timeout:
        where = told.read_text(encoding="utf-8")[:100] if told.is_file() else "this folder"
        raise DoccanoError(
            f"{data}: a doccano runs here already, at {where}; use that one, stop it with Ctrl-C, or give another folder with --data"
        ) from None
    with taken:
        told.write_text(address, encoding="utf-8")
        yield


def _make_own(folder: Path) -> None:
    """Make a folder, and let nobody else into it: texts that are not public stand there, and the digests of passwords."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def first_error(text: str) -> str:
    """Return what went wrong first by pip's standard error: its first line of error, not the hints that follow.

    Where a package could not be built, the step that failed is added; the last line stands in where no line is one of error.
    """
    found = re.search(r"^ *(error: .+)", text, re.MULTILINE | re.IGNORECASE)
    if found is None:
        return _last_line(text)
    step = re.match(r"\s*× (.+)", text[found.end() :])
    return f"{found[1]}: {step[1]}"[:300] if step else found[1][:300]


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "no reason given"


class LocalServer:
    """A running doccano on loopback.

    Parameters
    ----------
    data
        The folder of its database and files; made if missing, kept when the server stops.
    port
        By default one that is free, which is kept from the first time that it is asked for.
    at_once
        Whether imports and exports are done inside of their requests; else they wait for a worker that does not exist.
    """

    def __init__(self, installation: Installation, data: Path, port: int = 0, at_once: bool = True) -> None:
        self.installation = installation
        self.data = data.absolute()
        self._port = port
        self.at_once = at_once
        self._process: subprocess.Popen[bytes] | None = None
        self._door: socket.socket | None = None

    @property
    def port(self) -> int:
        """Its port."""
        if not self._port:
            self._open()
        return self._port

    def _open(self) -> socket.socket:
        """Open the port and keep it: until the server listens there, others who look for a free one get another."""
        if self._door is None:
            door = socket.socket()
            try:
                door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just left is free
                door.bind(("127.0.0.1", self._port))
            except OSError:
                door.close()
                raise DoccanoError(
                    f"http://127.0.0.1:{self._port}: something answers at this port already; choose another with --port"
                ) from None
            self._port = int(door.getsockname()[1])
            self._door = door
        return self._door

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it wrote."""
        return self.data / "server.log"

    def accounts(self, accounts: Sequence[Account]) -> None:
        """Make users, or give those that exist new passwords."""
        self._prepare()
        text = json.dumps([asdict(account) for account in accounts])
        self.installation.run(self.data, str(FILES / "ffm_doccano_users.py"), text=text)

    def _prepare(self) -> None:
        for folder in (self.data, self.data / "media", self.data / "uploads"):
            _make_own(folder)
        database = self.data / "db.sqlite3"
        if not database.exists():
            shutil.copyfile(self.installation.template, database)
        database.chmod(0o600)

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises
        ------
        DoccanoError
            If its port is taken, or it does not come up; the message names its log.
        """
        door = self._open()
        self._prepare()
        words = ("-m", "gunicorn", "--config", "file:" + str(FILES / "ffm_doccano_gunicorn.py"), "--bind", f"fd://{door.fileno()}")
        environment = self.installation.environment(self.data, self.at_once)
        self.log.touch(mode=0o600)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self.installation.python, *words, "config.wsgi"],
                env=environment,
                cwd=self.data,
                stdin=subprocess.PIPE,  # its end tells the server to stop, however this process ends
                stdout=log,
                stderr=log,
                start_new_session=True,
                umask=0o077,
                pass_fds=(door.fileno(),),
            )
        self._door = None
        door.close()
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise DoccanoError(f"doccano did not come up at {self.address}; see {self.log}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{self.address}/v1/health/", timeout=20):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def stop(self) -> None:
        """Stop it and all its processes; does nothing where it does not run."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        if sys.platform != "win32":  # where none is started
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOP_SECONDS)
        deadline = time.monotonic() + STOP_SECONDS
        while not _is_free(self.port) and time.monotonic() < deadline:  # its workers may end a moment later
            time.sleep(0.05)

    def __enter__(self) -> LocalServer:
        self.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self.stop()


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
