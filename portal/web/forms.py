"""The base of every form: which questions are awake, what went wrong, and where to find it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wtforms import Field
from wtforms.csrf.core import CSRFTokenField
from wtforms.form import BaseForm

from portal.web.choices import AnyOf, OneOf
from portal.web.fields import FileChoice, PlainField
from portal.web.language import typed_before_switching

if TYPE_CHECKING:
    from wtforms import Form
    from wtforms.meta import DefaultMeta
    from wtforms.meta import _MultiDictLike as Posted

    class FlaskForm(Form):
        """What the untyped FlaskForm adds, for the type checker."""

        class Meta(DefaultMeta):
            """What a form takes from its surroundings."""

            def wrap_formdata(  # type: ignore[override]
                self, form: BaseForm, formdata: object
            ) -> Posted | None:
                """The fields that a request posts."""
                ...

        def is_submitted(self) -> bool:
            """Whether the request posts something."""
            ...

        def validate_on_submit(self) -> bool:
            """Whether the request posts something that every rule accepts."""
            ...
else:
    from flask_wtf import FlaskForm


@dataclass(frozen=True)
class ErrorLink:
    """A line of the error summary; `href` is "" when no single input is at fault."""

    text: str
    href: str


class PlainForm(FlaskForm):
    """A form whose fields say in plain words what they need.

    A field that only some answer reveals sleeps until that answer is chosen: it keeps what was
    typed, and no rule is asked of it.
    """

    class Meta(FlaskForm.Meta):
        """What was typed before the language was changed stands in the form again."""

        def wrap_formdata(  # type: ignore[override]
            self, form: BaseForm, formdata: object
        ) -> Posted | None:
            """The fields that the form is filled from; None when nothing was typed."""
            found: Posted | None = super().wrap_formdata(form, formdata)
            return typed_before_switching() if found is None else found

    def process(
        self,
        formdata: Posted | None = None,
        obj: object | None = None,
        data: Mapping[str, Any] | None = None,
        extra_filters: Mapping[str, Sequence[Any]] | None = None,
        **kwargs: object,
    ) -> None:
        """Fill the fields, then give each choice the fields it reveals.

        Raises KeyError when an option reveals a name that the form does not have.
        """
        super().process(formdata, obj, data, extra_filters, **kwargs)
        for field in self._choices():
            field.revealed = {
                option.value: [self[name] for name in option.reveals]
                for option in field.options
                if option.reveals
            }

    def _choices(self) -> list[OneOf | AnyOf]:
        return [field for field in self if isinstance(field, OneOf | AnyOf)]

    def asleep(self) -> set[str]:
        """The names of the fields that no chosen answer reveals, through any number of steps."""
        asleep: set[str] = set()
        choices = self._choices()
        # Each round can put the questions under a sleeping question to sleep as well.
        for _ in choices:
            for field in choices:
                revealed = {name for option in field.options for name in option.reveals}
                asleep |= revealed if field.short_name in asleep else field.asleep()
        return asleep

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Ask every field that is awake. The others end without errors."""
        super().validate(extra_validators)
        for name in self.asleep():
            self[name].errors = []
        return not self.error_links()

    def refuse(self, message: str, name: str = "") -> None:
        """Add an error that only the service could find, to a field or to the whole form."""
        if name:
            self[name].errors = [*self[name].errors, message]
        else:
            self.form_errors.append(message)

    def error_links(self) -> list[ErrorLink]:
        """The error summary: the first error of each field, in the order of the fields."""
        links = [ErrorLink(message, "") for message in self.form_errors]
        for field in self:
            if field.errors:
                target = field.first_wrong_id if isinstance(field, PlainField) else field.id
                text = str(field.errors[0]).removesuffix(".")
                links.append(ErrorLink(text, f"#{target}"))
        return links

    def answers(self) -> dict[str, Any]:
        """Each awake field's data by its name, without the form's own token."""
        asleep = self.asleep()
        return {
            field.short_name: field.data
            for field in self._questions()
            if field.short_name not in asleep
        }

    def shown_fields(self) -> list[Field]:
        """The fields to draw one after the other: those that no answer reveals."""
        inside = {
            name for field in self._choices() for option in field.options for name in option.reveals
        }
        return [field for field in self._questions() if field.short_name not in inside]

    @property
    def holds_files(self) -> bool:
        """Whether the form must be sent as multipart."""
        return any(isinstance(field, FileChoice) for field in self)

    def _questions(self) -> Iterable[Field]:
        return (field for field in self if not isinstance(field, CSRFTokenField))
