"""What the package runs with may stand beside its own licence: every package that a lock installs, by its own metadata."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import pytest

from conftest import ROOT

LOCKS = ["requirements.txt", "requirements-doccano.txt"]
FREE = re.compile(
    r"\b(MIT|MIT-CMU|BSD|BSD-[023]-Clause|0BSD|Apache|ISC|PSF|Python|HPND|CNRI|Zlib|zlib|MPL|Unlicense|CC0|Public Domain|BSL|FreeType)\b",
    re.IGNORECASE,
)
COPYLEFT = re.compile(r"\b(A?GPL|General Public|EUPL|OSL|CC-BY-NC|CC-BY-SA|SSPL|Commons Clause|proprietary)", re.IGNORECASE)


def packages(lock: str) -> list[str]:
    return re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)


def licence(found: Distribution) -> str:
    """Return what a package says of its licence: the expression, else its classifiers, the field's first line, or the first line of the file."""
    about = found.metadata
    classified = [line.split(" :: ", 2)[2] for line in about.get_all("Classifier") or () if re.match("License :: .+ :: ", line)]
    said = about.get("License-Expression") or "; ".join(classified) or next(iter((about.get("License") or "").splitlines()), "")
    files = [path for path in found.files or () if re.search(r"\.dist-info/(?:licenses/)?LICEN[CS]E(?:\.\w+)?$", str(path))]
    return said or next((path.read_text().strip().partition("\n")[0] for path in files), "")


def is_compatible(said: str) -> bool:
    """Tell whether one of the alternatives of a licence may stand beside MIT; the weak copyleft of LGPL is for libraries that are used as they are."""
    alternatives = re.split(r"\bOR\b", said.replace("LGPL", "LESSER").replace("Lesser General Public", "LESSER"))
    return any((FREE.search(part) or "LESSER" in part) and not COPYLEFT.search(part) for part in alternatives)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_that_is_needed_to_run_has_a_licence_that_fits(lock: str) -> None:
    names = packages(lock)
    assert len(names) > 50
    said = {}
    for name in names:
        try:
            said[name] = licence(distribution(name))
        except PackageNotFoundError:  # of another system, or of the other lock
            continue
    assert len(said) > 0.8 * len(names)
    assert {name: text for name, text in said.items() if not is_compatible(text)} == {}


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("GPL-3.0-or-later", False),
        ("OSI Approved :: GNU General Public License v3 (GPLv3)", False),
        ("GPL-2.0-only OR MIT", True),
        ("LGPL-2.1-or-later", True),
        ("AGPL-3.0", False),
        ("BSD-3-Clause AND GPL-3.0-only", False),
        ("", False),
        ("UNKNOWN", False),
    ],
)
def test_a_licence_is_judged_by_what_it_says(said: str, fits: bool) -> None:
    assert is_compatible(said) == fits
