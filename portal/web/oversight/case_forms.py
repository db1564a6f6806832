"""The forms of one case: deciding on it, naming a record, having it looked at again."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.matching.queries import Waiting
from portal.web.choices import AnyOf, OneOf, Option
from portal.web.fields import LongText, ShortText
from portal.web.forms import PlainForm

MOST_FOR_MATCH = 1900  # beside a ready reason it has to fit into the 2,000 of a reading


class NameForm(PlainForm):
    """Which record to put beside a report that too many fit."""

    reference = ShortText(
        "Crime reference of the record",
        hint="As the force writes it",
        needed="Type the crime reference of the record",
        width=20,
    )


class AgainForm(PlainForm):
    """Which records that were decided on to look at again, and why."""

    records = AnyOf("Which of them?", needed="Choose at least one")
    reason = LongText(
        "Why should it be looked at again?",
        hint="Name nobody. Oversight can read it here, and the log holds proof of what it says",
        needed="Write a reason, in a sentence",
        limit=MOST_FOR_MATCH,
        rows=4,
    )

    def offer(self, decided: Sequence[Waiting], record_id: int) -> None:
        """Offer what was decided; the one that was meant is chosen, with all that the same press
        decided.
        """
        self.records.options = [Option(str(one.record.id), one.record.reference) for one in decided]
        if not self.is_submitted():
            meant = {_press(one) for one in decided if one.record.id == record_id}
            self.records.data = [
                str(one.record.id) for one in decided if len(decided) == 1 or _press(one) in meant
            ]
            if len(self.records.data) > 1:
                self.records.hint = "What was decided at once is chosen together"

    def is_offered(self) -> bool:
        """Whether all that was chosen can still be chosen."""
        return {one.value for one in self.records.options}.issuperset(self["records"].data)


def _press(one: Waiting) -> tuple[object, object]:
    return one.match.decided_at, one.match.decided_by


_WHY = (
    Option("fits", "Person and event are the same"),
    Option("event", "It is another event of the same person"),
    Option("person", "It is another person, or somebody of the same household"),
    Option("little", "There is too little to go by"),
    Option("own", "For another reason"),
)
# Which ready reasons go with a decision, by how it begins: both are put on record together.
_GOES_WITH: Mapping[str, tuple[str, ...]] = {
    "is": ("fits",),
    "none": ("event", "person"),
    "cannot": ("little",),
    "not": ("event", "person", "little"),
}


# What holds a record back and no figure weighs: who accepts it says in words why, for whoever reads
# the decision later.
_HELD_BACK = frozenset({"early", "forename", "taken"})
_WORDS = {one.value: one.label for one in _WHY}


class ReadForm(PlainForm):
    """What somebody makes of a case, and why. `said` is the reason in words; `held_back` are the
    choices that need words of the reader's own.
    """

    held_back: frozenset[str] = frozenset()

    decision = OneOf("Which of these is the record of it?", needed="Choose what you think")
    why = OneOf("Why?", options=_WHY, needed="Choose why")
    reason = LongText(
        "In your own words",
        hint="Needed for another reason; with the others, if there is more to say. Name nobody. "
        "Oversight can read it here, and the log holds proof of what it says",
        limit=MOST_FOR_MATCH,
        rows=4,
    )

    @property
    def said(self) -> str:
        """The reason in words: of the one that was chosen, and then the person's own."""
        own = str(self["reason"].data or "")
        if self["why"].data == "own":
            return own
        ready = next(one.label for one in _WHY if one.value == self["why"].data)
        return f"{ready}. {own}" if own else ready

    @property
    def _chosen(self) -> str:
        options = self.decision.options
        return next(one.label for one in options if one.value == self["decision"].data)

    @property
    def is_begun(self) -> bool:
        """Whether anything was chosen or written."""
        return any(self.answers().values())

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Ask every field, and whether the reason goes with the decision."""
        super().validate(extra_validators)
        decision, why, reason = self["decision"], self["why"], self["reason"]
        if why.data == "own" and not reason.data and not reason.errors:
            self.refuse("Write a reason, in a sentence", "reason")
        elif decision.data in self.held_back and not reason.data and not reason.errors:
            self.refuse("Write why it is its record all the same: it was held back", "reason")
        if why.data != "own" and not decision.errors and not why.errors:
            ready = _GOES_WITH[decision.data.partition("-")[0]]
            if why.data not in ready:
                go = " or ".join(f"“{_WORDS[one]}”" for one in (*ready, "own"))
                self.refuse(f"With “{self._chosen}” goes: {go}", "why")
        return not self.error_links()

    def offer(
        self,
        proposed: Sequence[Waiting],
        accepted: Sequence[Waiting],
        *,
        newest: Mapping[int, int],
        unsure: str = "Somebody else reads it",
    ) -> None:
        """Offer each candidate as what it can be, none of them, and that it cannot be told; and to
        take back what is accepted. `newest` are the newest versions by record: of a record that
        was compared by an older one nobody can say that it is. `unsure`: what follows when it
        cannot be told.
        """
        is_one = len(proposed) == 1
        if is_one:
            self.decision.label.text = _asked_of(proposed[0])
        options = [
            _as_what(one, "Yes, " if is_one else f"{letter}: ", is_one=is_one)
            for letter, one in zip("ABC", proposed, strict=False)
            if newest.get(one.record.id) == one.version.id
        ]
        if proposed:
            options += [
                Option(
                    "none",
                    _not_it(proposed[0]) if is_one else "None of these",
                    hint="The search for a record goes on",
                ),
                Option("cannot", "I cannot tell", hint=unsure),
            ]
        options += [
            Option(f"not-{one.record.id}", f"{one.record.reference} is not its record after all")
            for one in accepted
        ]
        self.decision.options = options
        if not proposed:
            self.decision.label.text = "What do you think of it now?"
        go = {why for one in options for why in _GOES_WITH[one.value.partition("-")[0]]}
        self.why.options = [one for one in _WHY if one.value in go or one.value == "own"]
        self.held_back = frozenset(
            f"is-{one.record.id}"
            for one in proposed
            if _HELD_BACK.intersection(one.match.gates or ()) or one.match.is_early
        )

    def forget_choice(self) -> None:
        """Choose nothing, and keep what was written."""
        self["decision"].data = self["why"].data = ""

    def is_offered(self) -> bool:
        """Whether what was chosen can still be chosen; nothing chosen counts as that."""
        chosen = self["decision"].data
        return not chosen or chosen in {one.value for one in self.decision.options}


def _as_what(one: Waiting, before: str, *, is_one: bool) -> Option:
    """A candidate as what it can be, and what follows when it is chosen."""
    said, hint = " is its record" if is_one else "", ""
    if one.version.is_incident:
        said = " is the note of it; no crime was recorded"
        hint = "A note stops no time limit. The search for a record goes on"
    elif one.version.removal_code is not None:
        said = " was its record, and the force removed it"
        hint = "It stops no time limit, and raises the alert that the record was cancelled"
    return Option(f"is-{one.record.id}", f"{before}{one.record.reference}{said}", hint=hint)


def _asked_of(one: Waiting) -> str:
    if one.version.is_incident:
        return "Is this the note of it?"
    return "Was this the record of it?" if one.version.removal_code else "Is this the record of it?"


def _not_it(one: Waiting) -> str:
    if one.version.is_incident:
        return "No, it is the note of something else"
    return "No, it was not" if one.version.removal_code else "No, it is not its record"
