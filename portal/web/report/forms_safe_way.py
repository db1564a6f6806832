"""How a person can be reached safely: by what, when, for what, and what a caller has to know."""

from portal.languages.translating import _, lazy, spoken
from portal.reports.codes import LONGEST_TYPED
from portal.reports.phone_numbers import can_be_texted, read_number
from portal.reports.safe_contacts import LONGEST_CODE_WORD, is_address
from portal.reports.safe_hours import SafeHours
from portal.reports.safe_ways import CALL, EMAIL, TEXT, Contact, Way, WayRules
from portal.web.choices import AnyOf, OneOf, OneOfList, Option
from portal.web.fields import ShortText
from portal.web.forms import PlainForm

NONE = "none"
_NONE_OPTION = Option(
    NONE,
    lazy("Do not contact me. I will come and look"),
    lazy("Nothing is ever sent. You open this page when it is safe for you."),
)
_EMAIL_OPTION = Option(EMAIL, lazy("Email"), reveals=("address",))
_TEXT_OPTION = Option(TEXT, lazy("Text message"), reveals=("mobile",))
_FOR_CALLS = ("phone", "phone_again", "code_word", "calling")
DAYS = (
    lazy("Monday"),
    lazy("Tuesday"),
    lazy("Wednesday"),
    lazy("Thursday"),
    lazy("Friday"),
    lazy("Saturday"),
    lazy("Sunday"),
)
_NUMBER = lazy("Type a phone number, like 07700 900 982 or +44 7700 900 982")
_CODE_HINT = lazy("So that nobody else who finds this page open can change it")


def _call_option(reveals: tuple[str, ...]) -> Option:
    hint = lazy(
        "Nothing is sent. Your supporter, or an office that watches over the police, may ring."
    )
    return Option(CALL, lazy("A phone call by a person"), hint, reveals)


def say_hour(hour: int) -> str:
    """A full hour of the day: "9am", "midday", "midnight"."""
    if hour in (0, 12):
        return _("midday") if hour else _("midnight")
    return _("%(hour)sam", hour=hour) if hour < 12 else _("%(hour)spm", hour=hour - 12)


class SafeWayForm(PlainForm):
    """The way, and how it may be used. Not contacting anybody is chosen beforehand."""

    way = OneOf(
        lazy("How may you be reached?"),
        needed=lazy("Choose how you may be reached"),
    )
    address = ShortText(
        lazy("Email address that only you can read"),
        needed=lazy("Type an email address"),
        hint=lazy("Or that of someone you trust, if they agree"),
        kind="email",
        limit=254,
        autocomplete="email",
    )
    mobile = ShortText(
        lazy("Mobile number that only you can read"),
        needed=_NUMBER,
        kind="tel",
        inputmode="tel",
        limit=40,
        width=20,
    )
    phone = ShortText(
        lazy("Phone number"), needed=_NUMBER, kind="tel", inputmode="tel", limit=40, width=20
    )
    phone_again = ShortText(
        lazy("The same phone number once more"),
        needed=_NUMBER,
        hint=lazy("We do not send anything to it, so only you can see whether it is right"),
        kind="tel",
        inputmode="tel",
        limit=40,
        width=20,
    )
    code_word = ShortText(
        lazy("A code word, if you want one"),
        hint=lazy(
            "Whoever rings says it first. So you know that it is really them. Choose a word that "
            "nobody near you would think of"
        ),
        limit=LONGEST_CODE_WORD,
        width=20,
    )
    calling = AnyOf(
        lazy("What must a caller never do?"),
        options=(
            Option("message", lazy("Never leave a message")),
            Option("other", lazy("Hang up without a word if somebody else answers")),
        ),
    )
    purpose = OneOf(
        lazy("What for?"),
        options=(
            Option("code", lazy("Only about my return code")),
            Option(
                "news",
                lazy("Also when there is something new"),
                lazy("At most one message a day. It says “There is something new”, and no more."),
            ),
        ),
    )
    days = AnyOf(
        lazy("On which days is it safe?"),
        hint=lazy("Choose none if every day is safe"),
        options=[Option(str(number), name) for number, name in enumerate(DAYS)],
    )
    start = OneOfList(lazy("Safe from"), prompt=lazy("Any time"))
    end = OneOfList(lazy("Safe until"), prompt=lazy("Any time"))
    code = ShortText(
        lazy("Your return code"),
        needed=lazy("Type your return code. Nothing was changed"),
        hint=_CODE_HINT,
        limit=LONGEST_TYPED,
        width=30,
    )

    def offer(self, contact: Contact, sends: frozenset[str], *, needs_code: bool) -> None:
        """Offer what can be sent from here, and fill in what is chosen so far.

        The code word is never shown again: an open page must not give it away.
        """
        offered = [_NONE_OPTION]
        offered += [one for one in (_EMAIL_OPTION, _TEXT_OPTION) if one.value in sends]
        # Nobody can say whose a first number for calls is but whoever has the code.
        offered.append(_call_option(_FOR_CALLS if needs_code else (*_FOR_CALLS, "code")))
        self.way.options = offered
        self.way.revealed = {
            each.value: [self[name] for name in each.reveals] for each in offered if each.reveals
        }
        self.start.options = [Option(str(hour), say_hour(hour)) for hour in range(24)]
        self.end.options = [Option(str(hour), say_hour(hour)) for hour in (*range(1, 24), 0)]
        if not self.is_submitted():
            self._fill(contact.confirmed or contact.asked)
        if contact.confirmed and contact.confirmed.rules.code_word:
            self.code_word.hint = _("A code word is set. Leave this empty to keep it")

    def _fill(self, way: Way | None) -> None:
        self.way.data = way.kind if way else NONE
        self.purpose.data = "news" if way and way.rules.news else "code"
        if way is None:
            return
        box = {EMAIL: self.address, TEXT: self.mobile, CALL: self.phone}[way.kind]
        box.data = way.address
        self.phone_again.data = self.phone.data
        hours, rules = way.rules.hours, way.rules
        self.days.data = [str(day) for day in hours.days]
        if hours.start != hours.end:
            self.start.data, self.end.data = str(hours.start), str(hours.end)
        told = {"message": rules.no_message, "other": rules.hang_up}
        self.calling.data = [name for name, is_so in told.items() if is_so]

    def validate_all(self) -> bool:
        """Whether everything fits together; says everything that does not at once."""
        self.validate()
        if self["way"].data != NONE and not self["way"].errors:
            self._check_place()
            self._check_hours()
        return not self.error_links()

    def chosen(self, before: Contact) -> Way:
        """The way as it was chosen. An empty code word keeps the one of `before`."""
        kind = str(self["way"].data)
        hours = SafeHours(
            tuple(sorted(int(day) for day in self["days"].data)),
            int(self["start"].data or 0),
            int(self["end"].data or 0),
        )
        if kind == EMAIL:
            address = str(self["address"].data)
        else:
            address = read_number(str(self["mobile" if kind == TEXT else "phone"].data)) or ""
        call = kind == CALL
        known = before.confirmed.rules.code_word if before.confirmed else ""
        told = self["calling"].data if call else []
        rules = WayRules(
            hours,
            news=not call and self["purpose"].data == "news",
            code_word=(str(self["code_word"].data) or known) if call else "",
            no_message="message" in told,
            hang_up="other" in told,
            language=spoken(),
        )
        return Way(kind, address, rules)

    def _check_place(self) -> None:
        kind = self["way"].data
        name = {EMAIL: "address", TEXT: "mobile"}.get(str(kind), "phone")
        if self[name].errors:
            return
        if kind == EMAIL:
            if not is_address(str(self[name].data)):
                self.refuse(_("Type an email address in full, like name@example.org"), name)
            return
        number, again = (read_number(str(self[each].data)) for each in (name, "phone_again"))
        if number is None:
            self.refuse(str(_NUMBER), name)
        elif kind == TEXT and not can_be_texted(number):
            self.refuse(_("Type a mobile number. This one cannot take a text"), name)
        elif kind == CALL and again != number and not self["phone_again"].errors:
            said = _("The two phone numbers are not the same. Check each digit")
            self.refuse(said, "phone_again")

    def _check_hours(self) -> None:
        start, end = self["start"].data, self["end"].data
        if bool(start) == bool(end) and (not start or start != end):
            return
        said = _("Choose both hours, and not the same one, or leave both at “Any time”")
        self.refuse(said, "end" if start else "start")
