"""Browsers that an account signed in from before: their tries are counted apart from strangers'.

Without this, anybody who knows an e-mail address could hold its owner up by trying it wrongly.
The browser keeps 128 random bits and a keyed token of them and the address: nothing can be read
from it, and nobody else can make one. It signs nobody in.
"""

import hmac
import secrets

from portal.accounts.service import email_token
from portal.sealing import Tokens

LONGEST_MARK = 100
_SEPARATOR = "."


def make_mark(email: str, *, tokens: Tokens) -> str:
    """A mark for a browser that has just shown the right password for an address."""
    random = secrets.token_urlsafe(16)
    return f"{random}{_SEPARATOR}{_proof(random, email, tokens)}"


def is_known(mark: str, email: str, *, tokens: Tokens) -> bool:
    """Whether a browser's mark was made for this address; False for anything else."""
    if not mark.isascii() or len(mark) > LONGEST_MARK:
        return False
    random, _, proof = mark.partition(_SEPARATOR)
    return hmac.compare_digest(proof, _proof(random, email, tokens))


def _proof(random: str, email: str, tokens: Tokens) -> str:
    address = email_token(email, tokens=tokens).hex()
    return tokens.token("known browser", f"{random}\x00{address}").hex()
