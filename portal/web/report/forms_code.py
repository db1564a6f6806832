"""What is asked about return codes: the code itself, a number that was sent, a way, a receipt."""

from portal.languages.translating import lazy
from portal.reports.codes import LONGEST_TYPED
from portal.web.fields import FileChoice, ShortText
from portal.web.forms import PlainForm

CODE_HINT = lazy(
    "20 letters and numbers, or the words for them. Spaces, dashes and small letters do not matter"
)


class CodeForm(PlainForm):
    """The return code, typed in any way that can be understood."""

    code = ShortText(
        lazy("Return code"),
        needed=lazy("Type your return code"),
        hint=CODE_HINT,
        limit=LONGEST_TYPED,
        width=30,
    )


class OldCodeForm(PlainForm):
    """The return code that works now, typed once more before it is replaced."""

    code = ShortText(
        lazy("The return code that you have now"),
        needed=lazy("Type the return code that you have now"),
        hint=CODE_HINT,
        limit=LONGEST_TYPED,
        width=30,
    )


class NumberForm(PlainForm):
    """A number that was sent in a message."""

    number = ShortText(
        lazy("The number from the message"),
        needed=lazy("Type the number from the message"),
        hint=lazy("8 digits. Spaces do not matter"),
        limit=50,
        inputmode="numeric",
        autocomplete="one-time-code",
        width=10,
    )


class CodeAgainForm(PlainForm):
    """The return code once more, where an open page alone must not be enough."""

    code = ShortText(
        lazy("Your return code"),
        needed=lazy("Type your return code. Nothing was changed"),
        hint=lazy("So that nobody else who finds this page open can change it"),
        limit=LONGEST_TYPED,
        width=30,
    )


class ReceiptForm(PlainForm):
    """A receipt file."""

    receipt = FileChoice(
        lazy("Your receipt file"),
        needed=lazy("Choose the receipt file that you saved"),
        hint=lazy(
            "The file that you saved when you sent it, for example receipt.json. A receipt of "
            "anything that happened later will do too"
        ),
        accept=".json,application/json",
    )
