"""What a person can say about what the police made of it: the questions of each page."""

from collections.abc import Sequence

from portal.languages.translating import lazy
from portal.matching.statements import Said
from portal.matching.stating import LONGEST_WORDS
from portal.web.choices import OneOf, Option
from portal.web.fields import LongText, ShortText
from portal.web.forms import PlainForm

_LONGEST_LINE = 200


class SaidForm(PlainForm):
    """Which record it is about, where there are several, and words that may stay empty."""

    record = OneOf(
        lazy("Which of these records is it about?"), needed=lazy("Choose one of the records")
    )
    words = LongText(
        lazy("Anything you want to add (you can leave this empty)"), limit=LONGEST_WORDS, rows=5
    )

    def offer(self, references: Sequence[str]) -> None:
        """Ask which record only where there are several."""
        if len(references) < 2:
            del self["record"]
            return
        self.record.options = tuple(Option(one, one) for one in references)

    def reference(self, references: Sequence[str]) -> str:
        """The record that it is about: the chosen one, or the only one; "" for none."""
        if "record" in self:
            return str(self["record"].data)
        return references[0] if references else ""

    def kind(self, usual: Said) -> Said:
        """What is said with it."""
        return usual

    def details(self) -> dict[str, str]:
        """What was added."""
        return {"words": str(self["words"].data)}


class ToldMeForm(SaidForm):
    """When, how, by whom and why police said that they will not write it down."""

    when = ShortText(
        lazy("When did they tell you?"),
        hint=lazy("About when is enough, for example “Monday evening”"),
        limit=_LONGEST_LINE,
        width=20,
    )
    how = OneOf(
        lazy("How did they tell you?"),
        options=(
            Option("phone", lazy("On the phone")),
            Option("person", lazy("Face to face")),
            Option("writing", lazy("In a letter, a text or an email")),
            Option("online", lazy("On a police website")),
            Option("other", lazy("Another way, or through somebody else")),
        ),
    )
    who = ShortText(
        lazy("Who told you, if you want to say"),
        hint=lazy("A name, a number or a rank. You do not need to know it"),
        limit=_LONGEST_LINE,
        width=20,
        spellcheck=False,
    )
    reason = LongText(lazy("What reason did they give, if any?"), limit=LONGEST_WORDS, rows=4)

    def details(self) -> dict[str, str]:
        """What was said about that talk."""
        return {name: str(self[name].data) for name in ("when", "how", "who", "reason", "words")}


class RightForm(SaidForm):
    """Whether what the person chose at first is right, when the police wrote down much less."""

    answer = OneOf(
        lazy("Is what you chose right?"),
        needed=lazy("Choose your answer"),
        options=(
            Option("stands_by", lazy("Yes. That is what happened")),
            Option("chose_wrong", lazy("No. I chose the wrong one")),
        ),
    )

    def kind(self, usual: Said) -> Said:
        """Which of the two answers it was."""
        return "chose_wrong" if self["answer"].data == "chose_wrong" else usual


HOW = {
    "phone": lazy("On the phone"),
    "person": lazy("Face to face"),
    "writing": lazy("In a letter, a text or an email"),
    "online": lazy("On a police website"),
    "other": lazy("Another way, or through somebody else"),
}
"""The ways of telling, as they are shown again."""
