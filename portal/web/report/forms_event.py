"""The questions about one thing that happened: what, where, which police force; and "more?"."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from portal.languages.translating import lazy
from portal.reference.categories import Category, all_categories
from portal.reference.forces import all_forces, find_force, forces_for_postcode
from portal.reference.postcodes import looks_like_postcode, tidy_postcode
from portal.web.choices import OneOf, OneOfList, Option
from portal.web.fields import ShortText
from portal.web.report.page_form import HIDDEN, PageForm

OTHER_FORCE = "another"
UNSURE = "unsure"


def force_options() -> tuple[Option, ...]:
    """Every police force, by its short name."""
    return tuple(Option(force.id, force.short_name) for force in all_forces())


def grouped_categories(
    *, young: bool = False, chosen: str = ""
) -> list[tuple[str, list[Category]]]:
    """What can have happened, under its headings, in the order of the list.

    Somebody `young` is shown a shorter list. What was `chosen` before stands in it all the same.
    """
    shown = [
        one for one in all_categories() if not young or "young" in one.flags or one.slug == chosen
    ]
    groups = groupby(shown, key=lambda category: category.group)
    return [(name, list(categories)) for name, categories in groups]


def _option(category: Category) -> Option:
    return Option(category.slug, lazy(category.words), lazy(category.hint) if category.hint else "")


class WhatForm(PageForm):
    """What happened. The page draws the answers itself, under headings."""

    category = OneOf(
        lazy("What happened?"),
        needed=lazy("Choose what happened. “I am not sure” is an answer too"),
        options=tuple(_option(each) for each in all_categories()),
    )
    other = ShortText(
        lazy("In a few words, what was it? (you can leave this empty)"), capitals="sentences"
    )


class WhereForm(PageForm):
    """Where it happened. Everything may stay empty."""

    place = ShortText(
        lazy("Place"),
        hint=lazy("For example an address, a street, a shop, a train line, or a website or app"),
        limit=500,
        capitals="sentences",
    )
    postcode = ShortText(
        lazy("Postcode, if you know it"),
        hint=lazy("The first half is enough, like SN1"),
        width=10,
        limit=20,
    )

    def values(self) -> dict[str, Any]:
        """The answers, with a postcode written in the one usual way."""
        return super().values() | {"postcode": tidy_postcode(self.postcode.data)}


class ForceForm(PageForm):
    """Which police force the place belongs to, with those that the postcode suggests on top."""

    force = OneOf(
        lazy("Which police force covers that place?"),
        size=HIDDEN,
        needed=lazy("Choose a police force, or choose “I am not sure”"),
        options=(
            Option(OTHER_FORCE, lazy("Choose from the list of all forces"), reveals=("listed",)),
            Option(UNSURE, lazy("I am not sure"), divider=lazy("or")),
        ),
    )
    listed = OneOfList(
        lazy("Police force"),
        needed=lazy("Choose a police force from the list"),
        options=force_options(),
    )

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> dict[str, Any]:
        """A stored force is shown in the list until `prepare` knows the suggestions."""
        force = stored.get("force", "")
        if force in ("", UNSURE):
            return {"force": force}
        return {"force": OTHER_FORCE, "listed": force}

    def prepare(self) -> None:
        """Put the suggested forces first."""
        postcode = (self.around.allegation().get("where") or {}).get("postcode", "")
        suggested = forces_for_postcode(postcode)
        self.suggestions = len(suggested)
        self.odd_postcode = postcode if not looks_like_postcode(postcode) else ""
        own = {force.id for force in suggested}
        if not self.is_submitted() and self.listed.data in own:
            self.force.data, self.listed.data = self.listed.data, ""
        marked = (self.around.allegation().get("force") or {}).get("force", "")
        if self.is_submitted() and self.listed.data and self.force.data in ("", marked):
            # Without script the list is always there, and was used after what was marked before.
            self.force.data = OTHER_FORCE
        options = [Option(force.id, force.full_name) for force in suggested]
        self.force.options = (*options, *self.force.options)

    def values(self) -> dict[str, Any]:
        """The force's identifier, or "unsure"."""
        chosen = self.force.data
        return {"force": self.listed.data if chosen == OTHER_FORCE else chosen}


def force_name(force_id: str) -> str:
    """A force's full name for a page, "" when none was chosen."""
    force = find_force(force_id)
    return force.full_name if force else ""


class MoreForm(PageForm):
    """Whether anything else happened. Nothing of it is kept: going on is the answer."""

    more = OneOf(
        lazy("Did anything else happen?"),
        size=HIDDEN,
        needed=lazy("Choose yes or no"),
        options=(
            Option("yes", lazy("Yes, I want to add something")),
            Option("no", lazy("No, that is all")),
        ),
    )
