"""What each role is called on a page, what it may do, and where it begins."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A role in words. `start` is the address of its first page."""

    key: str
    name: str
    may: str
    start: str


ROLES = (
    Role(
        "advocate",
        "Advocate",
        "Files for people who agreed, and follows what happens",
        "/advocate",
    ),
    Role(
        "liaison",
        "Force liaison",
        "Reads what was passed to their force, and answers",
        "/force",
    ),
    Role(
        "registrar",
        "Force crime registrar",
        "Sees the alerts of their force, comments and proposes",
        "/oversight",
    ),
    Role(
        "pcc",
        "PCC office",
        "Oversees one force: confirms, refuses and resolves",
        "/oversight",
    ),
    Role(
        "inspector",
        "Inspector",
        "Oversees every force: confirms, refuses and resolves",
        "/oversight",
    ),
    Role(
        "administrator",
        "Administrator",
        "Adds and closes accounts and writes down what forces agreed. Reads no report",
        "/account/people",
    ),
)
_BY_KEY = {role.key: role for role in ROLES}


def get_role(key: str) -> Role:
    """The role of an account. Raises KeyError for a role that there is not."""
    return _BY_KEY[key]
