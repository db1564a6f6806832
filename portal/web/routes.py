"""Every address in one table, and who may enter. What is not listed is as if it did not exist."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect

from portal.web.access import (
    ADMINISTRATOR,
    ADVOCATE,
    ANYONE,
    DECIDERS,
    INSPECTOR,
    LIAISON,
    OVERSIGHT,
    SIGNED_IN,
    VISITOR,
)
from portal.web.account import views as account
from portal.web.addresses import NumberConverter
from portal.web.advocate import views as advocate
from portal.web.force import views as force
from portal.web.log import views as log
from portal.web.oversight import views as oversight
from portal.web.report import views as report

Who = frozenset[str]


@dataclass(frozen=True)
class Area:
    """One blueprint: its prefix, and who may enter each endpoint (named without the blueprint).

    `cacheable` endpoints answer with public bytes that never change; all else is never stored.
    Forms sent to `without_token` endpoints carry no token, because no browser sends them.
    """

    blueprint: Blueprint
    prefix: str
    who: Mapping[str, Who] = field(default_factory=dict)
    cacheable: frozenset[str] = frozenset()
    without_token: frozenset[str] = frozenset()


AREAS: tuple[Area, ...] = (
    Area(
        log.blueprint,
        "",
        {
            "about": ANYONE,
            "checkpoint": ANYONE,
            "later_checkpoint": ANYONE,
            "tile": ANYONE,
            "later_tile": ANYONE,
            "opening": ANYONE,
            "take_cosignature": ANYONE,
            "take_later_cosignature": ANYONE,
        },
        cacheable=log.CACHEABLE,
        without_token=log.WITHOUT_TOKEN,
    ),
    Area(
        report.blueprint,
        "",
        {
            "home": ANYONE,
            "how_it_works": ANYONE,
            "easy_read": ANYONE,
            "privacy": ANYONE,
            "accessibility": ANYONE,
            "receipts": ANYONE,
            "policy": ANYONE,
            "verifier": ANYONE,
            "check_receipt": ANYONE,
            "check_file": ANYONE,
            "leave": ANYONE,
            "start": ANYONE,
            "before": ANYONE,
            "begin": ANYONE,
            "code": VISITOR,
            "code_seen": VISITOR,
            "go_on": VISITOR,
            "question": VISITOR,
            "answer": VISITOR,
            "allegation_question": VISITOR,
            "allegation_answer": VISITOR,
            "remove": VISITOR,
            "check": VISITOR,
            "send": VISITOR,
            "done": VISITOR,
            "receipt": VISITOR,
            "short_receipt": VISITOR,
            "print_sheet": VISITOR,
            "print_file": VISITOR,
            "code_kept": VISITOR,
            "back": ANYONE,
            "open_again": ANYONE,
            "again": ANYONE,
            "report": VISITOR,
            "entry_receipt": VISITOR,
            "show": VISITOR,
            "choose": VISITOR,
            "show_check": VISITOR,
            "show_file": VISITOR,
            "tell": VISITOR,
            "told": VISITOR,
            "tell_check": VISITOR,
            "tell_send": VISITOR,
            "hand_over": VISITOR,
            "handed_over": VISITOR,
            "hand_over_check": VISITOR,
            "hand_over_send": VISITOR,
            "withdraw": VISITOR,
            "withdrawn": VISITOR,
            "erase": VISITOR,
            # A second press comes when the first has ended the visit.
            "erase_now": ANYONE,
            "erased": ANYONE,
            "closed_now": ANYONE,
            "take_it_up": VISITOR,
            "keep_it": VISITOR,
            "seen_by": VISITOR,
            "stop_seeing": VISITOR,
            "allow_seeing": VISITOR,
            "add_more": VISITOR,
            "added_more": VISITOR,
            "add_check": VISITOR,
            "add_send": VISITOR,
            "correct_list": VISITOR,
            "correct_page": VISITOR,
            "correct_answer": VISITOR,
            "correct_check": VISITOR,
            "correct_send": VISITOR,
            "everything": VISITOR,
            "everything_file": VISITOR,
            "saved_for_later": ANYONE,
            "close_for_later": VISITOR,
            "asked": VISITOR,
            "asked_answer": VISITOR,
            "next_steps": ANYONE,
            "own_next_steps": VISITOR,
            "seen": VISITOR,
            "survey": VISITOR,
            "survey_answered": VISITOR,
            "survey_dismissed": VISITOR,
            "say": VISITOR,
            "say_now": VISITOR,
            "unsay": VISITOR,
            "unsay_now": VISITOR,
            "close": VISITOR,
            "new_code": VISITOR,
            "make_new_code": VISITOR,
            "new_code_shown": VISITOR,
            "cancel_new_code": VISITOR,
            "safe_way": VISITOR,
            "safe_way_ask": VISITOR,
            "safe_way_number": VISITOR,
            "safe_way_confirm": VISITOR,
            "safe_way_remove": VISITOR,
            "safe_way_forget": VISITOR,
            "files": VISITOR,
            "files_take": VISITOR,
            "files_begin": VISITOR,
            "files_part": VISITOR,
            "files_finish": VISITOR,
            "files_drop": VISITOR,
            "file": VISITOR,
            "file_copy": VISITOR,
            "file_original": VISITOR,
            "file_remove": VISITOR,
            "file_removed": VISITOR,
            "safe_way_former": VISITOR,
            "safe_way_put_back": VISITOR,
            "safe_way_again": VISITOR,
            "safe_way_still": VISITOR,
            "messages": VISITOR,
            "message_thread": VISITOR,
            "message_send": VISITOR,
            "lost": ANYONE,
            "lost_ask": ANYONE,
            "lost_number": ANYONE,
            "lost_confirm": ANYONE,
            "lost_code": ANYONE,
            "lost_code_kept": ANYONE,
        },
    ),
    Area(
        account.blueprint,
        "/account",
        {
            "sign_in": ANYONE,
            "choose_password": ANYONE,
            "sign_out": ANYONE,
            "me": SIGNED_IN,
            "change_password": SIGNED_IN,
            "end_others": SIGNED_IN,
            "people": ADMINISTRATOR,
            "add_person": ADMINISTRATOR,
            "person": ADMINISTRATOR,
            "close_person": ADMINISTRATOR,
            "end_person": ADMINISTRATOR,
            "give_password": ADMINISTRATOR,
            "forces": ADMINISTRATOR,
            "force_terms": ADMINISTRATOR,
        },
    ),
    Area(
        advocate.blueprint,
        "/advocate",
        {
            "cases": ADVOCATE,
            "start": ADVOCATE,
            "case": ADVOCATE,
            "open_one": ADVOCATE,
            "files": ADVOCATE,
            "file": ADVOCATE,
            "messages": ADVOCATE,
            "open_messages": ADVOCATE,
            "thread": ADVOCATE,
            "answer": ADVOCATE,
        },
    ),
    Area(
        force.blueprint,
        "/force",
        {
            "inbox": LIAISON,
            "handover": LIAISON,
            "answer": LIAISON,
            "asked": LIAISON,
            "files": LIAISON,
            "file": LIAISON,
            "records": LIAISON | ADMINISTRATOR,
            "add_records": LIAISON | ADMINISTRATOR,
            "waiting": LIAISON | ADMINISTRATOR,
            "supply": LIAISON | ADMINISTRATOR,
            "receipt": LIAISON | ADMINISTRATOR,
            # Programs: the view itself asks each for a force's credential.
            "take_batch": ANYONE,
            "read_supply": ANYONE,
            "describe": ANYONE,
        },
        without_token=force.WITHOUT_TOKEN,
    ),
    Area(
        oversight.blueprint,
        "/oversight",
        {
            "start": OVERSIGHT,
            "alerts": OVERSIGHT,
            "unmatched": OVERSIGHT,
            "alert": OVERSIGHT,
            "proof": OVERSIGHT,
            "open_report": DECIDERS,
            "opened": DECIDERS,
            "review": OVERSIGHT,
            "case": OVERSIGHT,
            "name_record": DECIDERS,
            "again": DECIDERS,
            "open_case": DECIDERS,
            "case_opened": DECIDERS,
            "agreement": INSPECTOR,
            "files": DECIDERS,
            "file": DECIDERS,
            "confidence": OVERSIGHT,
            "messages": DECIDERS,
            "ask_messages": DECIDERS,
            "thread": DECIDERS,
            "answer": DECIDERS,
        },
    ),
)

# Flask's own endpoint, for installations without WhiteNoise in front; and choosing a language.
UNPREFIXED: Mapping[str, Who] = {"static": ANYONE, "language": ANYONE}


def who_may_enter() -> dict[str, Who]:
    """Full endpoint name to who may enter, for every area."""
    return dict(UNPREFIXED) | {
        f"{area.blueprint.name}.{name}": who for area in AREAS for name, who in area.who.items()
    }


def cacheable_endpoints() -> frozenset[str]:
    """Full names of the endpoints whose good answers a browser may keep."""
    return frozenset(f"{area.blueprint.name}.{name}" for area in AREAS for name in area.cacheable)


def install(app: Flask, csrf: CSRFProtect) -> None:
    """Register every area under its prefix."""
    app.url_map.converters["int"] = NumberConverter
    for area in AREAS:
        app.register_blueprint(area.blueprint, url_prefix=area.prefix or None)
        for name in area.without_token:
            csrf.exempt(app.view_functions[f"{area.blueprint.name}.{name}"])
