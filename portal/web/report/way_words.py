"""A safe way and its rules in plain words, and enough of an address to know it again."""

from collections.abc import Sequence

from portal.languages.translating import _
from portal.reports.phone_numbers import say_number
from portal.reports.safe_hours import SafeHours
from portal.reports.safe_ways import CALL, EMAIL, Way
from portal.web.report.forms_safe_way import DAYS, say_hour


def masked(way: Way) -> str:
    """The beginning of an address or the end of a number: whoever glances learns no more."""
    if way.kind == EMAIL:
        name, _at, domain = way.address.partition("@")
        return f"{name[:1]}…@{domain}"
    return _("the number that ends in %(digits)s", digits=way.address[-3:])


def address_in_full(way: Way) -> str:
    """The address, or the number as it is dialled."""
    return way.address if way.kind == EMAIL else say_number(way.address)


def say_hours(hours: SafeHours) -> str:
    """When it is safe, in one sentence."""
    if hours.is_always:
        return _("At any time.")
    every_day = len(set(hours.days) or range(7)) == 7
    days = _("every day") if every_day else ", ".join(str(DAYS[day]) for day in hours.days)
    if hours.start == hours.end:
        return _("All day on: %(days)s.", days=days)
    values = {"start": say_hour(hours.start), "end": say_hour(hours.end), "days": days}
    if hours.start > hours.end:
        return _("From %(start)s until %(end)s the next day, on: %(days)s.", **values)
    return _("From %(start)s until %(end)s, on: %(days)s.", **values)


def say_rules(way: Way) -> Sequence[str]:
    """How a way may be used, one sentence each. A code word is only said to be there."""
    rules, said = way.rules, [say_hours(way.rules.hours)]
    if way.kind != CALL:
        said.append(
            _("For your return code, and when there is something new.")
            if rules.news
            else _("Only for your return code.")
        )
        return said
    if rules.code_word:
        said.append(_("The caller says your code word first."))
    if rules.no_message:
        said.append(_("The caller never leaves a message."))
    if rules.hang_up:
        said.append(_("The caller hangs up if somebody else answers."))
    return said
