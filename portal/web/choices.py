"""The questions that offer answers: radios, lists, checkboxes, and what each answer reveals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Unpack

from wtforms import Field, ValidationError

from portal.languages.translating import _, lazy
from portal.web import widgets
from portal.web.fields import PlainField, Settings, clean_text


@dataclass(frozen=True)
class Option:
    """One answer to choose.

    `reveals` names the form's fields that only this answer asks for; `divider` is a word shown
    above it, such as "or"; `alone` is a checkbox that excludes the others.
    """

    value: str
    label: str
    hint: str = ""
    reveals: Sequence[str] = ()
    divider: str = ""
    alone: bool = False


class _Choices(PlainField):
    """What radios, lists and checkboxes share. `options` may be set anew on a form's field."""

    def __init__(
        self,
        label: str,
        *,
        options: Sequence[Option] = (),
        inline: bool = False,
        prompt: str = lazy("Choose one"),
        autocomplete: str = "off",
        **rest: Unpack[Settings],
    ) -> None:
        super().__init__(label, **rest)
        self.options = options
        self.inline = inline
        self.prompt = prompt
        self.autocomplete = autocomplete
        self.revealed: dict[str, list[Field]] = {}

    def is_chosen(self, value: str) -> bool:
        """Whether the answer holds this value."""
        raise NotImplementedError

    def asleep(self) -> set[str]:
        """The names of fields that only answers not chosen would reveal."""
        awake = {
            name for each in self.options if self.is_chosen(each.value) for name in each.reveals
        }
        return {name for each in self.options for name in each.reveals} - awake


class OneOf(_Choices):
    """One answer of several, as radios; `data` is the value, "" for none."""

    widget: Any = widgets.Radios()

    def process_data(self, value: object) -> None:
        """Take a stored answer; None is no answer."""
        self.data = "" if value is None else str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the value that was sent; `check` sees whether it was offered."""
        self.data = clean_text(valuelist[0] if valuelist else "")

    def is_chosen(self, value: str) -> bool:
        """Whether this is the answer."""
        return bool(value == self.data)

    def check(self) -> None:
        """Raises ValidationError for a value that was not offered."""
        if not any(self.is_chosen(each.value) for each in self.options):
            raise ValidationError(self.needed or _("Choose one of these answers"))


class OneOfList(OneOf):
    """One answer of a long list, as a drop-down; `data` is the value, "" for none."""

    widget = widgets.Select()


class AnyOf(_Choices):
    """Any number of answers, as checkboxes; `data` is a list of values in the order offered."""

    widget = widgets.Checkboxes()

    def process_data(self, value: object) -> None:
        """Take stored answers; None is none."""
        self.data = [str(each) for each in value] if isinstance(value, list | tuple) else []

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the values that were sent; `check` sees whether they were offered."""
        self.data = [clean_text(each) for each in valuelist]

    def is_chosen(self, value: str) -> bool:
        """Whether this is among the answers."""
        return value in self.data

    def check(self) -> None:
        """Raises ValidationError for a value not offered, or one that excludes the others."""
        offered = {each.value for each in self.options}
        if not offered.issuperset(self.data):
            raise ValidationError(_("Choose from these answers only"))
        for option in self.options:
            if option.alone and option.value in self.data and len(set(self.data)) > 1:
                raise ValidationError(
                    _("Choose “%(answer)s” alone, or leave it out", answer=option.label)
                )


class Tick(AnyOf):
    """One box to tick, under a question of its own; `data` is ["yes"] or []."""

    def __init__(self, label: str, *, says: str, **rest: Unpack[Settings]) -> None:
        """`says` is the sentence beside the box."""
        super().__init__(label, options=(Option("yes", says),), **rest)

    @property
    def ticked(self) -> bool:
        """Whether the box was ticked."""
        return self.is_chosen("yes")
