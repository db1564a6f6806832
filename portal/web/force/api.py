"""The addresses for a force's own system: it shows a credential, and sends and reads JSON."""

from uuid import UUID

from flask import Response, request

from portal.errors import NotFound
from portal.police.answers import write_answer
from portal.police.batches import take_batch as take
from portal.police.credentials import find_credential
from portal.police.models import ForceCredential
from portal.police.queries import get_supply
from portal.police.requests import read_key
from portal.web.access import site
from portal.web.force.api_problems import NotSentAsJson, WrongCredential
from portal.web.force.openapi import LARGEST_BATCH, document

WITHOUT_TOKEN = frozenset({"take_batch"})
"""Sent by programs: a browser never holds a credential, so nothing can be sent in its name."""


def take_batch() -> Response:
    """Take a batch of records as a supply; all of it is answered, with its receipt."""
    here, credential = site(), _get_credential()
    key = read_key(request.headers.get("Idempotency-Key", ""), credential.id)
    if request.mimetype != "application/json":
        raise NotSentAsJson("Send the batch as application/json. Nothing was taken.")
    request.max_content_length = LARGEST_BATCH
    answer = take(
        here.database,
        request.get_data(cache=False),
        credential=credential,
        key=key,
        keyring=here.keyring,
        tokens=here.tokens,
        signer=here.signer,
        now=here.now(),
    )
    return Response(answer, 201, mimetype="application/json")


def read_supply(supply_id: UUID) -> Response:
    """What became of a supply of the credential's force, with its receipt as it is now."""
    here, credential = site(), _get_credential()
    with here.database.reading() as session:
        if get_supply(session, supply_id).force_id != credential.force_id:
            raise NotFound("There is no such file of records here.")
        answer = write_answer(session, supply_id, keyring=here.keyring, signer=here.signer)
    return Response(answer, mimetype="application/json")


def describe() -> Response:
    """The OpenAPI document of these addresses."""
    return Response(document(site().settings.public_url), mimetype="application/json")


def _get_credential() -> ForceCredential:
    """The credential of this request, whose body was not looked at yet. Raises WrongCredential.

    A missing, a wrong and an ended one take the same way and get the same answer.
    """
    shown = request.authorization
    secret = shown.token if shown and shown.type == "bearer" else ""
    with site().database.reading() as session:
        credential = find_credential(session, secret or "")
    if credential is None:
        raise WrongCredential("Show a credential of a force that is in use: Bearer, then it.")
    return credential
