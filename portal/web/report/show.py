"""Showing a part of an entry: the person chooses, reads what others will learn, and saves a file.

What was chosen is kept sealed beside the answers, for the visit in which it was chosen. Addresses
are the same whatever it is, so the browser's history and our logs tell nothing of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import cast

from flask import redirect, render_template
from werkzeug.wrappers import Response

from portal.languages.translating import _
from portal.ledger.disclosure import shown_names
from portal.web.access import get_visit
from portal.web.choices import AnyOf, Option
from portal.web.forms import PlainForm
from portal.web.report.blueprint import blueprint
from portal.web.report.field_words import Choice, choices
from portal.web.report.opened import Opened, read_opened, set_aside
from portal.web.report.own_entries import own_entry, own_index
from portal.web.report.send import receipt_file

_PAGE = "show"  # the name under which the choice is kept
_LONGEST_HINT = 160  # characters of an answer beside its box


@dataclass(frozen=True)
class Offer:
    """What can be shown of an entry, and what of it is chosen: their places in `choices`.

    `number` is the entry's among those of its report, `index` its number in the log.
    """

    number: int
    index: int
    choices: Sequence[Choice]
    chosen: frozenset[int]
    fields: int

    @property
    def shown(self) -> list[Choice]:
        """What a reader will learn."""
        return [each for place, each in enumerate(self.choices) if place in self.chosen]

    @property
    def kept(self) -> dict[str, list[str]]:
        """What a reader will not learn, by part."""
        kept: dict[str, list[str]] = {}
        for place, each in enumerate(self.choices):
            if place not in self.chosen:
                kept.setdefault(each.part, []).append(each.label)
        return kept

    @property
    def names(self) -> list[str]:
        """The fields that the receipt opens."""
        return [name for each in self.shown for name in each.names]

    @property
    def hidden(self) -> int:
        """How many fields stay locked, empty ones counted too."""
        return self.fields - len(self.names)


@blueprint.get("/back/show/<int:number>")
def show(number: int) -> str:
    """Everything that can be shown of an entry, each with a box to tick."""
    opened = read_opened()
    offer = _chosen(opened, number) or _offer(opened, number)
    return _ask(offer, _form(offer))


@blueprint.post("/back/show/<int:number>")
def choose(number: int) -> Response | tuple[str, int]:
    """Keep the choice, and go on to what others will learn."""
    # No box is ticked beforehand here: a form that sends none means none.
    offer = replace(_offer(read_opened(), number), chosen=frozenset())
    form = _form(offer)
    if not form.validate():
        return _ask(offer, form), 400
    ticked = [str(value) for field in _boxes(form) for value in field.data]
    if not ticked:
        _boxes(form)[0].errors = [_("Tick at least one thing to show")]
        return _ask(offer, form), 400
    about = [("visit", _visit()), ("entry", str(number))]
    set_aside(_PAGE, [*about, *(("chosen", place) for place in ticked)])
    return redirect(f"/back/show/{number}/check", 303)


@blueprint.get("/back/show/<int:number>/check")
def show_check(number: int) -> Response | str:
    """In words: what a reader of the file will learn, and what not."""
    offer = _chosen(read_opened(), number)
    if offer is None:
        return redirect(f"/back/show/{number}", 303)
    return render_template("report/show_check.html", offer=offer)


@blueprint.get("/back/show/<int:number>/file")
def show_file(number: int) -> Response:
    """The receipt file that shows only what was chosen."""
    opened = read_opened()
    offer = _chosen(opened, number)
    if offer is None:
        return redirect(f"/back/show/{number}", 303)
    name = f"receipt-{offer.index}-part.json"
    return receipt_file(opened.report, offer.index, name, names=offer.names)


def _offer(opened: Opened, number: int) -> Offer:
    """What can be shown of an entry of the open report, with what is ticked at first.

    Raises NotFound when the report has no entry with this number.
    """
    index = own_index(opened.report, number)
    entry = own_entry(opened.report, index)
    offered = choices(entry, shown_names(entry.kind, entry.fields))
    ticked = frozenset(place for place, each in enumerate(offered) if each.is_standard)
    return Offer(number, index, offered, ticked, len(entry.fields))


def _chosen(opened: Opened, number: int) -> Offer | None:
    """The same with what was chosen of it in this visit; None when nothing was."""
    offer, kept = _offer(opened, number), opened.typed(_PAGE)
    if kept is None or (kept["visit"], kept["entry"]) != (_visit(), str(number)):
        return None
    places = frozenset(map(int, kept.getlist("chosen"))) & set(range(len(offer.choices)))
    return replace(offer, chosen=places)


def _visit() -> str:
    """What tells this visit from any other. Nobody can make the cookie's token from it."""
    return get_visit().token_hash.hex()


def _form(offer: Offer) -> PlainForm:
    """A form with one group of boxes for each part. What was chosen is ticked."""
    placed = groupby(enumerate(offer.choices), key=lambda each: each[1].part)
    groups = {f"part_{number}": (part, list(each)) for number, (part, each) in enumerate(placed)}
    fields = {
        name: AnyOf(part, options=[_option(place, choice) for place, choice in each])
        for name, (part, each) in groups.items()
    }
    ticked = {
        name: [str(place) for place, _ in each if place in offer.chosen]
        for name, (_, each) in groups.items()
    }
    made = type("ShowForm", (PlainForm,), fields)
    return cast(PlainForm, made(data=ticked))


def _option(place: int, choice: Choice) -> Option:
    words = " ".join(choice.words.split())
    if len(words) > _LONGEST_HINT:
        words = f"{words[:_LONGEST_HINT].rstrip()} …"
    return Option(str(place), choice.label, words)


def _boxes(form: PlainForm) -> list[AnyOf]:
    return [field for field in form if isinstance(field, AnyOf)]


def _ask(offer: Offer, form: PlainForm) -> str:
    return render_template("report/show.html", offer=offer, form=form)
