"""The sections of a copy that come from beside the report: files, messages, and what was said."""

from sqlalchemy.orm import Session

from portal.clock import timestamp
from portal.evidence.listing import FileSeen, files_of, read_original
from portal.languages.translating import _, lazy
from portal.ledger.service import timeline
from portal.matching.statements import statements_of
from portal.reports.correspondence import ADVOCATE, CORRESPONDENTS, MessageSeen, read_as_person
from portal.reports.models import Report
from portal.reports.safe_ways import find_contact
from portal.reports.service import allegations_of
from portal.sealing import DataKey
from portal.web.access import site
from portal.web.filters import london
from portal.web.report.everything_parts import Part
from portal.web.report.history import looker
from portal.web.report.latest_way import find_latest, say_latest
from portal.web.report.saying import said_sections
from portal.web.report.summary import Line, Section
from portal.web.report.way_words import address_in_full, say_rules

MOST_OF_FILES = 20_000_000
"""Bytes of added files that a copy takes along; the others are named, and saved one by one."""
_WITH = {ADVOCATE: lazy("With your supporter")}
_WITH_OFFICE = lazy("With the people who watch over the police")


def files(session: Session, report: Report, data_key: DataKey) -> Part:
    """The files that were added, as they came, as far as they fit."""
    found = files_of(session, report.id, data_key=data_key)
    lines, data, taken, room = [], [], [], MOST_OF_FILES
    for file in found:
        path = f"files/{file.saved_as}" if file.size <= room else None
        if path:
            room -= file.size
            content = read_original(site().database, file, data_key=data_key)
            taken.append((path, b"".join(content.pieces)))
        lines.append(Line(file.name or file.saved_as, _said_of(file, path)))
        data.append(
            {
                "number": file.number,
                "name": file.name,
                "kind": file.kind.name,
                "size": file.size,
                "sha256": file.sha256,
                "added_at": timestamp(file.added_at),
                "entry_number": file.entry,
                "path": path,
            }
        )
    lines = lines or [Line(_("Files"), _("None were added."))]
    return Part("files", _("Your files"), [Section("", lines)], data, taken)


def _said_of(file: FileSeen, path: str | None) -> str:
    added = _("Added on %(at)s.", at=london(file.added_at))
    if path:
        return f"{added} " + _("Here it is called %(path)s.", path=path)
    return f"{added} " + _("It is too large for this copy. Save it from the page of your files.")


def messages(session: Session, report: Report, _data_key: DataKey) -> Part:
    """What was written, by her and to her, with each of the two sides."""
    found, data = [], {}
    for side in CORRESPONDENTS:
        written = read_as_person(session, report.id, side, keyring=site().keyring)
        data[side] = [
            {
                "at": timestamp(one.at),
                "from": one.role or "person",
                "organisation": one.organisation,
                "words": one.words,
            }
            for one in written
        ]
        if written:
            title = str(_WITH.get(side, _WITH_OFFICE))
            found.append(Section(title, [Line(_writer(one), one.words) for one in written]))
    found = found or [Section("", [Line(_("Messages"), _("None were written."))])]
    return Part("messages", _("Messages"), found, data)


def _writer(one: MessageSeen) -> str:
    who = looker(one.role, one.organisation) if one.role else _("You")
    return _("%(who)s, %(at)s", who=who, at=london(one.at))


def what_was_said(session: Session, report: Report, _data_key: DataKey) -> Part:
    """What she said about what the police made of it, and what she took back."""
    found = statements_of(session, report.id, keyring=site().keyring)
    data = [
        {
            "allegation": one.ordinal,
            "kind": one.kind,
            "reference": one.reference,
            "at": timestamp(one.at),
            "taken_back_at": timestamp(one.taken_back_at) if one.taken_back_at else None,
            "details": dict(one.details),
        }
        for one in found
    ]
    parts = len(allegations_of(session, report.id))
    nothing = [Section("", [Line(_("Said afterwards"), _("Nothing was said."))])]
    said = said_sections(found, parts=parts) or nothing
    return Part("statements", _("What you said about it"), said, data)


def safe_way(session: Session, report: Report, data_key: DataKey) -> Part:
    """How the person may be reached: the confirmed way, with its hours; never its code word. With
    which is the later, the answer in the report or this.
    """
    latest = find_latest(timeline(session, report.id, data_key.open))
    which = [Line(_("Which is the later"), say_latest(latest))] if latest else []
    way = find_contact(session, report.id, keyring=site().keyring).confirmed
    if way is None:
        lines = [Line(_("Safe way"), _("There is none") if which else _("None was chosen")), *which]
        return Part("safe_way", _("How you may be reached"), [Section("", lines)], None)
    lines = [Line(_("Safe way"), address_in_full(way)), *which]
    lines += [Line(str(number), rule) for number, rule in enumerate(say_rules(way), 1)]
    # The code word is left out: an open page alone leads here, and it lets a caller pose as agreed.
    data = {
        "kind": way.kind,
        "address": way.address,
        "rules": list(say_rules(way)),
        "latest": latest.what if latest else None,
    }
    return Part("safe_way", _("How you may be reached"), [Section("", lines)], data)
