"""Every way of sending is a sender, so that one can stand in for another."""

from portal.config import Mail
from portal.notifications.gateway import GatewaySender
from portal.notifications.govuk_notify import NotifySender
from portal.notifications.leaving import Sender
from portal.notifications.senders import NullSender, SmtpSender, sender_for


def test_the_settings_choose_the_sender() -> None:
    senders: list[Sender] = [
        sender_for(Mail(notify_key="k")),
        sender_for(Mail(webhook_url="https://x.example")),
        sender_for(Mail(host="mail.example")),
        sender_for(Mail()),
    ]
    kinds = [NotifySender, GatewaySender, SmtpSender, NullSender]
    assert [type(each) for each in senders] == kinds
