"""What became of a scheme's labels: the algebra of its changes, and what contradicts itself in them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ffm.errors import SchemeError
from ffm.gold.older import restate
from ffm.gold.store import GoldEntity, GoldHeader, GoldRecord
from ffm.project.changes import Change, Labelling, Step, reexpressed, retold, steps_between, undetermined
from ffm.project.project import find_project
from ffm.project.scheme import Scheme, Theme, scheme_problems
from ffm.project.versions import differences, earlier, read_reference, steps_to

LABELS = ("ferry", "canoe", "raft", "barge", "kayak")
KEYS = dict(zip(LABELS, "fcrbk", strict=True))


def theme(name: str, meaning: int = 1, stance: bool = False) -> Theme:
    return Theme(name, name.title(), "topic", f"speaks of a {name}", "#112233", KEYS.get(name, "z"), stance, meaning=meaning)


def scheme(version: int, themes: list[Theme], *changes: Change) -> Scheme:
    return Scheme("boats", version, "Boats", tuple(themes), change=changes, stances={"seen": "", "unseen": ""})


def became(since: int, label: str | None, *targets: str) -> Change:
    return Change(since, label, None, targets)


def step(**becomes: tuple[str, ...]) -> Step:
    return Step(1, becomes, ())


STEPS = st.lists(
    st.builds(
        Step,
        since=st.just(1),
        becomes=st.dictionaries(st.sampled_from(LABELS), st.lists(st.sampled_from(LABELS), unique=True, max_size=3).map(tuple), max_size=4),
        added=st.just(()),
    ),
    max_size=4,
)
CARRIED = st.dictionaries(st.sampled_from(LABELS), st.sampled_from(["seen", "unseen", None]))


class TestReexpression:
    @given(CARRIED, STEPS, STEPS)
    def test_along_a_chain_is_that_of_its_steps_one_after_the_other(self, carried, first, second):
        assert reexpressed(Labelling(carried), [*first, *second]) == reexpressed(reexpressed(Labelling(carried), first), second)

    @given(CARRIED, st.permutations(LABELS))
    def test_names_that_change_places_and_change_back_are_what_they_were(self, carried, order):
        there = step(**{old: (new,) for old, new in zip(LABELS, order, strict=True) if old != new})
        back = step(**{new: (old,) for old, new in zip(LABELS, order, strict=True) if old != new})
        assert reexpressed(Labelling(carried), [there, back]) == Labelling(carried)
        assert undetermined([there, back]) == frozenset()

    @given(CARRIED, STEPS)
    def test_no_label_is_both_carried_and_open(self, carried, steps):
        found = reexpressed(Labelling(carried), steps)
        assert not found.carried.keys() & found.open
        assert found.doubtful <= found.carried.keys()
        assert found.open <= undetermined(steps)

    def test_a_split_leaves_its_parts_open(self):
        found = reexpressed(Labelling({"ferry": "seen", "raft": None}), [step(ferry=("canoe", "barge"))])
        assert found == Labelling({"raft": None}, frozenset({"canoe", "barge"}))

    def test_what_was_left_open_follows_its_name_and_goes_where_it_is_dropped(self):
        split = step(ferry=("canoe", "barge"))
        assert reexpressed(Labelling({"ferry": None}), [split, step(canoe=("kayak",), barge=())]).open == {"kayak"}

    @pytest.mark.parametrize(
        ("stances", "stance"),
        [(("seen", "seen"), "seen"), (("seen", "unseen"), None), (("seen", None), None), ((None, None), None)],
    )
    def test_labels_that_are_merged_are_one_with_the_stance_on_which_they_agree(self, stances, stance):
        found = reexpressed(Labelling(dict(zip(("ferry", "raft"), stances, strict=True))), [step(ferry=("barge",), raft=("barge",))])
        assert found == Labelling({"barge": stance})

    def test_what_was_redefined_is_carried_in_doubt_until_a_certain_label_joins_it(self):
        again, joined = step(ferry=("ferry",)), step(canoe=("ferry",))
        assert reexpressed(Labelling({"ferry": "seen"}), [again]) == Labelling({"ferry": "seen"}, frozenset(), frozenset({"ferry"}))
        assert reexpressed(Labelling({"ferry": "seen", "canoe": "seen"}), [again, joined]).doubtful == frozenset()

    def test_what_older_labels_do_not_tell_is_what_was_split_added_or_redefined(self):
        steps = [Step(1, {"ferry": ("canoe", "barge"), "raft": ("raft",)}, ("kayak",)), Step(2, {"canoe": ("ferry",), "barge": ()}, ())]
        assert undetermined(steps) == {"ferry", "raft", "kayak"}

    def test_what_was_renamed_or_merged_is_made_of_other_labels(self):
        steps = [step(ferry=("canoe",), raft=("raft",)), step(canoe=("barge",), kayak=("raft",))]
        assert retold(steps) == {"barge", "raft"}

    def test_a_step_of_which_nothing_tells_is_named(self):
        changes = [became(1, "ferry", "canoe"), became(3, "canoe", "raft")]
        with pytest.raises(SchemeError, match="tells what changed from version 2 to 3"):
            steps_between(changes, 1, 4)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([became(2, "canoe", "ferry")], "version 2, so a change is from 1 to 1"),
        ([became(0, "canoe", "ferry")], "a change is from 1 to 1"),
        ([Change(1)], "says nothing; name a theme"),
        ([Change(1, "canoe")], 'does not say what "canoe" becomes'),
        ([Change(1, "canoe", "PLACE", ("raft",))], "names a theme and an entity"),
        ([Change(1, None, "raft", ("raft",))], '"raft" is a theme, not an entity label'),
        ([Change(1, "PLACE", None, ("PLACE",))], '"PLACE" is an entity label, not a theme'),
        ([became(1, "canoe", "raft", "raft")], '"canoe" becomes one label twice'),
        ([became(1, "canoe", "raft"), became(1, "canoe", "ferry")], 'name "canoe" twice'),
        ([became(1, "canoe", "kayak")], '"canoe" becomes "kayak", which version 2 does not have'),
        ([became(1, None, "kayak")], '"kayak" is new, but version 2 does not have it'),
        ([became(1, None, "raft"), became(1, "canoe", "raft")], '"raft" is new, but another entry says what it was before'),
        ([became(1, "raft", "ferry")], '"raft" becomes "ferry", but version 2 still has it'),
        ([became(1, "raft")], '"raft" becomes nothing, but version 2 still has it'),
        ([became(1, "raft", "raft")], '"raft" is redefined by the changes, but has the meaning 1; write meaning = 2'),
    ],
)
def test_changes_that_contradict_themselves_or_the_labels_are_named(changes, why):
    (problem,) = scheme_problems(scheme(2, [theme("ferry"), theme("raft")], *changes))
    assert why in problem
    assert "; " in problem


def test_a_gap_between_changes_is_named():
    (problem,) = scheme_problems(
        scheme(4, [theme("raft")], became(1, "canoe", "raft"), became(3, "ferry", "raft"), became(3, "raft", "raft"))
    )
    assert "from version 2 to 3" in problem


@pytest.mark.parametrize("version", [1, 2])
def test_a_meaning_that_was_raised_without_a_change_is_named(version):
    changes = (Change(1, note="wording"),) if version == 2 else ()
    (problem,) = scheme_problems(scheme(version, [theme("ferry", 2)], *changes))
    assert '"ferry" has the meaning 2, but the changes tell of 0' in problem


@pytest.mark.parametrize(
    ("themes", "changes"),
    [
        ([theme("ferry")], ()),
        ([theme("ferry")], (Change(1, note="a typing error"),)),
        ([theme("ferry", 2)], (became(1, "ferry", "ferry"),)),
        ([theme("raft", 2)], (became(1, "ferry", "ferry"), became(2, "ferry", "raft"))),
        ([theme("ferry"), theme("raft")], (became(1, "ferry", "ferry", "raft"),)),  # a part may keep the name with its meaning or not
        ([theme("ferry", 2), theme("raft")], (became(1, "ferry", "ferry", "raft"),)),
        ([theme("ferry"), theme("raft")], (became(1, "ferry", "raft"), became(1, "raft", "ferry"))),
        ([theme("ferry"), theme("raft")], (became(1, "canoe", "raft"), became(1, None, "ferry"))),
        ([theme("raft")], (became(1, "canoe", "raft"), became(1, "raft", "raft"))),
        ([theme("raft")], (became(1, "canoe", "ferry"), became(2, "ferry"))),
    ],
)
def test_changes_that_go_together_are_no_problem(themes, changes):
    assert scheme_problems(scheme(max([0, *(change.since for change in changes)]) + 1, themes, *changes)) == []


NON_EMPTY = st.dictionaries(st.sampled_from(LABELS), st.lists(st.sampled_from(LABELS), unique=True, max_size=3), min_size=1, max_size=4)


@given(st.lists(st.sampled_from(LABELS), unique=True), st.lists(NON_EMPTY, min_size=2, max_size=4))
def test_gold_is_brought_step_by_step_to_what_all_steps_together_give(themes, steps):
    changes = [became(number, label, *targets) for number, step in enumerate(steps, 1) for label, targets in step.items()]
    last = len(steps) + 1
    header = GoldHeader("log", "0", 1, "reader", "human annotator", True, "2026-11-21")
    records = (GoldRecord(0, 9, (GoldEntity(1, 4, "PLACE"),), tuple(themes)),)
    at_once = restate(header, records, scheme(last, [], *changes))
    told_header, told = header, records
    for version in range(2, last + 1):
        found = restate(told_header, told, scheme(version, [], *changes))
        told_header, told = found.header, found.records
    assert (told_header, told) == (at_once.header, at_once.records)
    again = restate(at_once.header, at_once.records, scheme(last, [], *changes))
    assert (again.header, again.records, again.review) == (at_once.header, at_once.records, {})


class TestVersions:
    NEW = scheme(
        3,
        [theme("barge"), theme("raft", 2), theme("kayak")],
        became(1, "ferry", "barge"),
        became(1, "raft", "raft"),
        became(2, None, "kayak"),
    )

    def test_what_was_renamed_and_redefined_gives_the_older_scheme_with_its_digest(self):
        old = scheme(1, [theme("ferry"), theme("raft")])
        assert earlier(self.NEW, 1)[0].digest == old.digest
        assert earlier(self.NEW, 1)[1]
        assert earlier(self.NEW, 2)[0].theme_ids == ("barge", "raft")
        assert [item.since for item in earlier(self.NEW, 2)[0].change] == [1, 1]

    def test_what_is_gone_is_known_by_its_id_alone(self):
        old, exact = earlier(scheme(2, [theme("raft")], became(1, "ferry"), became(1, "canoe", "raft"), became(1, "raft", "raft")), 1)
        assert not exact
        assert set(old.theme_ids) == {"ferry", "canoe", "raft"}

    def test_the_projects_scheme_leads_to_its_first_version(self):
        project = find_project().scheme
        assert earlier(project, 1)[0].theme_ids == project.theme_ids
        assert {"AMOUNT", "PLACE"} <= undetermined(steps_to(project, 1))

    def test_differences_are_told_by_kind(self):
        old = scheme(1, [theme("ferry"), theme("raft"), theme("canoe")])
        new = replace(self.NEW, theme=(*self.NEW.theme[:2], replace(self.NEW.theme[2], applies="says kayak")))
        told = {(item.kind, item.text) for item in differences(old, new)}
        assert {("renamed", "ferry -> barge"), ("redefined", "raft"), ("added", "kayak")} <= told
        assert ("untold", '"canoe" is not in version 3, and no [[change]] says what became of it') in told
        assert ("wording", "barge (name, applies, key)") in told

    @pytest.mark.parametrize(
        ("new", "untold"),
        [
            (scheme(3, [theme("raft", 2)], became(1, "ferry", "ferry"), became(2, "ferry", "raft")), []),
            (scheme(2, [theme("ferry", 2)], became(1, "canoe", "ferry")), []),  # what is merged may count as something else
            (scheme(2, [theme("ferry", 2)], Change(1, note="words")), ["canoe", "ferry"]),
            (scheme(2, [theme("ferry"), theme("kayak")], became(1, "canoe")), ["kayak"]),
        ],
    )
    def test_what_no_change_tells_of_is_named(self, new, untold):
        old = scheme(1, [theme("ferry"), *([] if new.version == 3 else [theme("canoe")])])
        found = [item.text.split('"')[1] for item in differences(old, new) if item.kind == "untold"]
        assert found == untold

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("boats@3+0123abcd", ("boats", 3, "0123abcd", None)),
            ("boats@3+0123abcd from 1", ("boats", 3, "0123abcd", 1)),
            ("", ("", 0, "", None)),
            ("boats@x+", ("boats", 0, "", None)),
            ("boats@" + "9" * 5000 + "+d from ²", ("boats", 0, "d", None)),
        ],
    )
    def test_references_are_read_as_far_as_they_can_be(self, text, expected):
        assert tuple(read_reference(text)) == expected

    @given(st.text())
    def test_any_text_is_a_reference_of_some_kind(self, text):
        read_reference(text)

    def test_a_scheme_with_changes_is_stored_and_read_as_it_was(self):
        assert msgspec.json.decode(msgspec.json.encode(self.NEW), type=Scheme) == self.NEW


def test_first_scheme_of_a_project_has_no_problems(tmp_path: Path, run_ffm):
    assert run_ffm("init", tmp_path / "new").code == 0
    assert run_ffm("scheme", "check", "--project", tmp_path / "new").code == 0
