"""What an advocate is asked: that the person agrees, and why something is opened."""

from portal.web.choices import OneOf, Option, Tick
from portal.web.fields import ShortText
from portal.web.forms import PlainForm

_MOST_WORDS = 500
_REASONS = {
    "help": "To help them with what comes next",
    "prepare": "To prepare for a meeting or a call with them",
    "asked": "They asked me to look",
}


class AgreedForm(PlainForm):
    """That the person knows and agrees: without it nothing is started."""

    agrees = Tick(
        "Does the person agree?",
        says="They know about this. They agree that I write it down for them, and that I can see "
        "what happens with it",
        needed="Ask the person first. You can go on when they agree",
    )


class ReasonForm(PlainForm):
    """Why the advocate opens it; the person can read the answer."""

    reason = OneOf(
        "Why do you need to open it?",
        needed="Choose why you need to open it",
        options=(
            *(Option(value, words) for value, words in _REASONS.items()),
            Option("other", "Another reason", reveals=("words",)),
        ),
    )
    words = ShortText(
        "Which reason?",
        limit=_MOST_WORDS,
        capitals="sentences",
        needed="Write your reason in a few words",
    )

    def said(self) -> str:
        """The reason as it is written down."""
        chosen = self["reason"].data
        return _REASONS.get(chosen) or str(self["words"].data)
