"""Showing a part of an entry: the person chooses, reads what others will learn, and saves a file.

What was chosen stands in the address as a number, one bit for each thing that can be shown, so
that the browser's history and our logs tell nothing of it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import cast

from flask import Response as FlaskResponse
from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from portal.errors import NotFound
from portal.ledger.disclosure import shown_names
from portal.web.choices import AnyOf, Option
from portal.web.forms import PlainForm
from portal.web.report.blueprint import blueprint
from portal.web.report.field_words import Choice, choices
from portal.web.report.opened import read_opened
from portal.web.report.own_entries import own_entry
from portal.web.report.send import receipt_file

_LONGEST_HINT = 160  # characters of an answer beside its box


@dataclass(frozen=True)
class Offer:
    """What can be shown of an entry, and what of it is chosen: their places in `choices`."""

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

    @property
    def address(self) -> str:
        """Where the preview of this choice is."""
        return f"/back/show/{self.index}/{_to_number(self.chosen)}"


@blueprint.get("/back/show/<int:index>")
def show(index: int) -> str:
    """Everything that can be shown of an entry, each with a box to tick."""
    offer = _offer(index, request.args.get("chosen"))
    return _ask(offer, _form(offer))


@blueprint.post("/back/show/<int:index>")
def choose(index: int) -> Response | tuple[str, int]:
    """Go on to what others will learn. Nothing is written."""
    # No box is ticked beforehand here: a form that sends none means none.
    offer = replace(_offer(index, None), chosen=frozenset())
    form = _form(offer)
    if not form.validate():
        return _ask(offer, form), 400
    ticked = frozenset(int(value) for field in _boxes(form) for value in field.data)
    if not ticked:
        _boxes(form)[0].errors = ["Tick at least one thing to show"]
        return _ask(offer, form), 400
    return redirect(f"/back/show/{index}/{_to_number(ticked)}", 303)


@blueprint.get("/back/show/<int:index>/<chosen>")
def show_check(index: int, chosen: str) -> str:
    """In words: what a reader of the file will learn, and what not."""
    return render_template("report/show_check.html", offer=_offer(index, chosen))


@blueprint.get("/back/show/<int:index>/<chosen>/file")
def show_file(index: int, chosen: str) -> FlaskResponse:
    """The receipt file that shows only what was chosen."""
    offer = _offer(index, chosen)
    report = read_opened().report
    return receipt_file(report, index, f"receipt-{index}-part.json", names=offer.names)


def _offer(index: int, chosen: str | None) -> Offer:
    """What can be shown of an entry of the open report; `chosen` as it stands in an address.

    Raises NotFound when the entry is not about this report, or the number fits no choice.
    """
    entry = own_entry(read_opened().report, index)
    offered = choices(entry, shown_names(entry.kind, entry.fields))
    places = (
        frozenset(place for place, each in enumerate(offered) if each.is_standard)
        if chosen is None
        else _from_number(chosen, len(offered))
    )
    return Offer(index, offered, places, len(entry.fields))


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


def _to_number(chosen: frozenset[int]) -> str:
    return format(sum(1 << place for place in chosen), "x")


def _from_number(text: str, count: int) -> frozenset[int]:
    """The places in the number of an address, of so many. Raises NotFound for no such number."""
    number = int(text, 16) if re.fullmatch(r"[1-9a-f][0-9a-f]*", text, re.ASCII) else 0
    if not 0 < number < 1 << count:
        raise NotFound("There is nothing to show here. Go back and choose what to show.")
    return frozenset(place for place in range(count) if number >> place & 1)
