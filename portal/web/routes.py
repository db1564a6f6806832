"""Every address in one table: blueprint, prefix, and who may enter each of its endpoints.

Deny by default: an endpoint that is not listed here answers as if it did not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Flask

from portal.web.access import ADMINISTRATOR, ANYONE, SIGNED_IN
from portal.web.account import views as account

Who = frozenset[str]


@dataclass(frozen=True)
class Area:
    """One blueprint: its prefix, and who may enter each endpoint (named without the blueprint)."""

    blueprint: Blueprint
    prefix: str
    who: Mapping[str, Who] = field(default_factory=dict)


AREAS: tuple[Area, ...] = (
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
)

# Flask's own endpoint, for installations without WhiteNoise in front.
UNPREFIXED: Mapping[str, Who] = {"static": ANYONE}


def who_may_enter() -> dict[str, Who]:
    """Full endpoint name to who may enter, for every area."""
    table = dict(UNPREFIXED)
    for area in AREAS:
        table |= {f"{area.blueprint.name}.{name}": who for name, who in area.who.items()}
    return table


def install(app: Flask) -> None:
    """Register every area under its prefix."""
    for area in AREAS:
        app.register_blueprint(area.blueprint, url_prefix=area.prefix or None)
