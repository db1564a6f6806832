"""The errors that the domain raises; `web.problems` turns each into a page once.

Every message is written for the person who will read it: what went wrong, what was kept, what to
do now. No message holds a name, an answer or a code.
"""

from pathlib import PurePath
from traceback import extract_tb

_MOST_PLACES = 12
_ROOT = PurePath(__file__).parents[1]


def places_of(error: BaseException) -> list[str]:
    """Where in the program it came about, for a log: without its words, which can hold anything,
    and without where the program lies on this machine.
    """
    frames = extract_tb(error.__traceback__)[-_MOST_PLACES:]
    return [f"{_within(each.filename)}:{each.lineno}:{each.name}" for each in frames]


def _within(filename: str) -> str:
    path = PurePath(filename)
    if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
        return str(path.relative_to(_ROOT))
    return "/".join(path.parts[-2:])


class OnRecordError(Exception):
    """The root of every error raised on purpose. `message` is fit to be shown to a person."""

    def __init__(self, message: str) -> None:
        # A message that is translated when it is shown is said now, in the language of the request.
        self.message = str(message)
        super().__init__(self.message)

    def __reduce__(self) -> tuple[object, ...]:
        """As it is, for another process: what its kind is made from is often not what it says."""
        return type(self).__new__, (type(self), *self.args), self.__dict__


class NotFound(OnRecordError):
    """There is no such thing, or this person may not know that there is."""


class NotAllowed(OnRecordError):
    """The person is known but not entitled to this."""


class Refused(OnRecordError):
    """The request breaks a rule of the domain; nothing was changed."""


class TooManyTries(OnRecordError):
    """Too many attempts in a short time. `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(OnRecordError):
    """Something the service depends on does not answer; what was acknowledged is safe."""


class Busy(OnRecordError):
    """More people wait for something slow than can be served soon; trying again is enough."""


class Misconfigured(OnRecordError):
    """A setting is missing, weak or contradictory; the service does not start."""
