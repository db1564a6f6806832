"""Draws form fields with the design system's macros. `web.fields` says what each field accepts.

The macros live in an environment of their own: they need lenient undefined values, never change
while the service runs, and have no business with the request. What a person typed only ever goes
in as text, which the environment escapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from jinja2 import Environment, PackageLoader, PrefixLoader
from markupsafe import Markup

from portal.languages.translating import WELSH, _, lazy, spoken

if TYPE_CHECKING:
    from portal.web.choices import AnyOf, OneOf
    from portal.web.dates import DateParts
    from portal.web.fields import FileChoice, LongText, PlainField, Secret, ShortText

_PACKAGE = "govuk_frontend_jinja"
_MACROS = Environment(
    loader=PrefixLoader({_PACKAGE: PackageLoader(_PACKAGE)}),
    autoescape=True,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_DRAWN_HERE = (
    "character-count",
    "checkboxes",
    "date-input",
    "file-upload",
    "input",
    "radios",
    "select",
    "textarea",
)

_DATE_PARTS = {"day": lazy("Day"), "month": lazy("Month"), "year": lazy("Year")}
# The script asks for a form of its own for 0, 1, 2, 3 and 6 in Welsh; after a number, a noun in
# Welsh stands in the singular, so that all are alike.
_FORMS = ("zero", "one", "two", "few", "many", "other")
_LEFT = lazy("You have %{count} characters remaining")
_NONE_LEFT = lazy("You have 0 characters remaining")
_TOO_MANY = lazy("You have %{count} characters too many")

Params = dict[str, Any]


class _Macro(Protocol):
    def __call__(self, params: Mapping[str, Any]) -> Markup: ...


@cache
def _macro(name: str) -> _Macro:
    template = _MACROS.get_template(f"{_PACKAGE}/components/{name}/macro.html")
    title = "".join(word.capitalize() for word in name.split("-"))
    macro: _Macro = getattr(template.module, f"govuk{title}")
    return macro


def component(name: str, params: Mapping[str, Any]) -> Markup:
    """Draw a part of the design system, such as `component("inset-text", {"text": "..."})`.

    `params` are those of the design system's own macro. Raises jinja2.TemplateNotFound for a name
    that it does not have.
    """
    return _macro(name)(params)


def warm() -> None:
    """Compile every macro that fields use; the first person must not wait for it."""
    for name in _DRAWN_HERE:
        _macro(name)


def _shared(field: PlainField) -> Params:
    params: Params = {"id": field.id, "name": field.name}
    if field.hint:
        params["hint"] = {"text": field.hint}
    if field.errors:
        error = str(field.errors[0]).removesuffix(".")
        params["errorMessage"] = {"text": error, "visuallyHiddenText": _("Error")}
    return params


def _label(field: PlainField) -> Params:
    size = field.size or ("l" if field.as_heading else "")
    classes = f"govuk-label--{size}" if size else ""
    return {"text": field.label.text, "classes": classes, "isPageHeading": field.as_heading}


def _fieldset(field: PlainField) -> Params:
    size = field.size or ("l" if field.as_heading else "s")
    legend = {
        "text": field.label.text,
        "classes": f"govuk-fieldset__legend--{size}",
        "isPageHeading": field.as_heading,
    }
    return {"legend": legend}


class TextInput:
    """One line of text. Extra keywords become parameters of the macro."""

    def __call__(self, field: ShortText | Secret, **extra: object) -> Markup:
        """Draw the field with what was typed in it; a secret is drawn empty."""
        params = _shared(field) | {
            "label": _label(field),
            "type": field.kind,
            "value": field.shown,
            "autocomplete": field.autocomplete,
            "spellcheck": field.spellcheck,
            "classes": f"govuk-input--width-{field.width}" if field.width else "",
        }
        if field.inputmode:
            params["inputmode"] = field.inputmode
        if field.capitals != "sentences":  # which is what a browser does by itself
            params["autocapitalize"] = field.capitals
        return component("input", params | extra)


def _counting() -> Params:
    """What the script says while somebody types. It speaks English by itself."""
    if spoken() != WELSH:
        return {}
    return {
        "charactersUnderLimitText": dict.fromkeys(_FORMS, str(_LEFT)),
        "charactersAtLimitText": str(_NONE_LEFT),
        "charactersOverLimitText": dict.fromkeys(_FORMS, str(_TOO_MANY)),
    }


class TextArea:
    """Many lines of text, with the number of characters left when the field counts them."""

    def __call__(self, field: LongText, **extra: object) -> Markup:
        """Draw the field with what was typed in it."""
        params = _shared(field) | {
            "label": _label(field),
            "value": field.data,
            "rows": field.rows,
            "spellcheck": False,  # enhanced spell-checkers send the words to a company
            "attributes": {"autocomplete": "off"},  # the counting macro takes it no other way
        }
        if not field.counted:
            return component("textarea", params | extra)
        params |= {
            "maxlength": field.limit,
            "threshold": 75,
            "textareaDescriptionText": _(
                "You can write up to %(limit)s characters", limit=f"{field.limit:,}"
            ),
            **_counting(),
        }
        return component("character-count", params | extra)


def _with_reveals(html: Markup, field: OneOf | AnyOf) -> Markup:
    # The macros indent what is inside a reveal, which would add spaces to every line of a text
    # typed there. So they get a mark, and the fields take its place afterwards.
    for value, revealed in field.revealed.items():
        inside = Markup("").join(each() for each in revealed)
        html = Markup(html.replace(_mark(value), inside))  # noqa: S704 - both are drawn markup
    return html


def _mark(value: str) -> str:
    return f"<!--reveal {value}-->"


def _items(field: OneOf | AnyOf) -> list[Params]:
    items: list[Params] = []
    for option in field.options:
        if option.divider:
            items.append({"divider": option.divider})
        item: Params = {
            "value": option.value,
            "text": option.label,
            "checked": field.is_chosen(option.value),
        }
        if option.hint:
            item["hint"] = {"text": option.hint}
        if field.revealed.get(option.value):
            item["conditional"] = {"html": _mark(option.value)}
        if option.alone:
            item["behaviour"] = "exclusive"
        items.append(item)
    return items


class Radios:
    """One answer of several, each with its hint and the questions that it reveals."""

    def __call__(self, field: OneOf, **extra: object) -> Markup:
        """Draw the group. The first input has the field's own id, for the error summary."""
        params = _shared(field) | {
            "idPrefix": field.id,
            "fieldset": _fieldset(field),
            "items": _items(field),
            "classes": "govuk-radios--inline" if field.inline else "",
        }
        return _with_reveals(component("radios", params | extra), field)


class Checkboxes:
    """Any number of several answers."""

    def __call__(self, field: AnyOf, **extra: object) -> Markup:
        """Draw the group. The first input has the field's own id, for the error summary."""
        params = _shared(field) | {
            "idPrefix": field.id,
            "fieldset": _fieldset(field),
            "items": _items(field),
        }
        return _with_reveals(component("checkboxes", params | extra), field)


class Select:
    """One answer of a long list. The first line asks, and stands for no answer."""

    def __call__(self, field: OneOf, **extra: object) -> Markup:
        """Draw the list."""
        items: list[Params] = [{"value": "", "text": field.prompt}]
        items += [
            {"value": each.value, "text": each.label, "selected": field.is_chosen(each.value)}
            for each in field.options
        ]
        params = _shared(field) | {"label": _label(field), "items": items}
        params["attributes"] = {"autocomplete": field.autocomplete}
        return component("select", params | extra)


class FileInput:
    """One file, with the browser's own control: the scripted one fails WCAG 2.5.3."""

    def __call__(self, field: FileChoice, **extra: object) -> Markup:
        """Draw the control; a browser never fills it again after an error."""
        params = _shared(field) | {"label": _label(field)}
        if field.accept:
            params["attributes"] = {"accept": field.accept}
        return component("file-upload", params | extra)


class DateInputs:
    """A day, a month and a year, each as it was typed."""

    def __call__(self, field: DateParts, **extra: object) -> Markup:
        """Draw three inputs whose ids are the field's own and -day, -month, -year."""
        items: list[Params] = []
        for part, width in (("day", 2), ("month", 2), ("year", 4)):
            wrong = " govuk-input--error" if field.errors and field.wrong_part == part else ""
            # The whole of what was typed stays in view, the name of a month too.
            wide = width if len(field.typed[part]) <= width else 10
            item: Params = {
                "name": part,
                "label": _DATE_PARTS[part],
                "value": field.typed[part],
                "classes": f"govuk-input--width-{wide}{wrong}",
                "autocomplete": f"{field.autocomplete}-{part}" if field.autocomplete else "off",
            }
            if part == "month":
                item["inputmode"] = "text"
            items.append(item)
        params = _shared(field) | {
            "namePrefix": field.name,
            "fieldset": _fieldset(field),
            "items": items,
        }
        return component("date-input", params | extra)
