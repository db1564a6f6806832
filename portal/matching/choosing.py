"""Which model decides: the newest that was accepted here, and before any was, the shipped one.

A fit writes a file and changes nothing. Whoever runs the site reads its card and accepts it: then
its text stands in the database with its hash, for every server alike, and everything is compared
again. A version is never another model later on: what was decided by it can always be explained.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from portal.errors import Refused
from portal.matching.model import DATA, BadModel, Model, load_model, read_model
from portal.matching.models import ChosenModel, Match

_LONGEST = 4_000_000


@dataclass(frozen=True)
class Choice:
    """A model that was accepted: its version, the SHA-256 of its text, and when."""

    version: str
    digest: str
    at: datetime


def earlier_versions(version: str) -> list[str]:
    """The models that came with the program before this one; none where this did not come so."""
    shipped = [path.stem.removeprefix("model_") for path in DATA.glob("model_*.json")]
    shipped.sort(key=lambda one: (len(one), one))
    return shipped[: shipped.index(version)] if version in shipped else []


def current_model(session: Session) -> Model:
    """The model that decides. Raises BadModel when what was accepted does not hold together."""
    newest = session.scalars(
        select(ChosenModel).order_by(ChosenModel.number.desc()).limit(1)
    ).first()
    return load_model() if newest is None else _read(newest.data)


def model_of(match: Match, session: Session | None = None) -> Model:
    """The model by which a pair was judged. Without a session, that of the row is asked. Raises
    BadModel when it is nowhere to be found.
    """
    session = session or object_session(match)
    if session is not None:
        chosen = _find_chosen(session, match.model_version)
        if chosen is not None:
            return _read(chosen.data)
    return load_model(match.model_version)


def accept_model(session: Session, text: str, *, now: datetime) -> Model:
    """Let a model decide from now on; everything has to be compared again (`service.use_model`).

    Raises Refused for a version that was another model before, and BadModel for a text that is
    none.
    """
    model = _read(text)
    digest = sha256(text.encode()).digest()
    before = _find_chosen(session, model.version)
    shipped = _find_shipped(model.version)
    known = before.data if before is not None else shipped
    if known is not None and known != text:
        raise Refused(
            f"There is another model {model.version} already, and what was decided by it must stay "
            "explainable. Nothing was changed. Fit again under another version."
        )
    session.add(ChosenModel(version=model.version, digest=digest, data=text, chosen_at=now))
    return model


def find_text(session: Session, version: str) -> str:
    """The text of a model that was accepted before, or comes with the program. Raises BadModel."""
    chosen = _find_chosen(session, version)
    text = _find_shipped(version) if chosen is None else chosen.data
    if text is None:
        raise BadModel(version[:40], "there is none of this version")
    return text


def choices(session: Session) -> Sequence[Choice]:
    """Every model that was accepted, the newest first."""
    rows = session.scalars(select(ChosenModel).order_by(ChosenModel.number.desc()))
    return [Choice(one.version, one.digest.hex(), one.chosen_at) for one in rows]


def _find_chosen(session: Session, version: str) -> ChosenModel | None:
    query = select(ChosenModel).where(ChosenModel.version == version)
    return session.scalars(query.order_by(ChosenModel.number).limit(1)).first()


def _find_shipped(version: str) -> str | None:
    path = DATA / f"model_{version}.json"
    is_name = version.replace("-", "").isalnum()
    return path.read_text(encoding="utf-8") if is_name and path.exists() else None


@lru_cache(8)
def _read(text: str) -> Model:
    if len(text) > _LONGEST:
        raise BadModel("", "it is far too long")
    try:
        data = json.loads(text)
        version = str(data["version"])
    except (ValueError, RecursionError, KeyError, TypeError):
        raise BadModel("", "it is not a model in JSON") from None
    if not version.replace("-", "").isalnum():
        raise BadModel(version[:40], "a version is written in letters, figures and dashes")
    return read_model(data, version)
