"""The background work, named in one table: `flask jobs run` and `flask jobs run --once`.

Every job can be repeated and cut short at any point. A lock for each name keeps two processes
from doing the same work at once; whoever comes second leaves it to the first.
"""

import logging
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from threading import Event, Thread
from time import monotonic

import click
from flask.cli import AppGroup

from portal.accounts.throttling import forget_old
from portal.alerts.erasing import erase_due
from portal.alerts.service import sweep
from portal.cli.schema import TableCommands, explain_tables
from portal.evidence.copies import make_copies
from portal.evidence.unfinished import forget_unfinished
from portal.ledger.publication import is_due, publish_signed, sign_new
from portal.ledger.witnessing import ask_witnesses
from portal.matching.checking import find_drift
from portal.matching.service import propose
from portal.notifications.deliveries import ask_deliveries
from portal.notifications.deliveries import has_due as has_to_ask
from portal.notifications.senders import sender_for, teller_for
from portal.notifications.service import has_due, send_due
from portal.police.requests import forget_old_keys
from portal.police.waiting import forget_waiting
from portal.reports.code_changes import settle_due_changes
from portal.reports.lost_codes import forget_old_requests, has_waiting, send_numbers
from portal.reports.notices import may_leave, write_notices
from portal.reports.purging import purge
from portal.reports.safe_changes import forget_former
from portal.reports.visits import end_idle_visits
from portal.site import Site

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """A piece of work that is done again and again; it says how much it did.

    `waits_outside`: it waits for machines of other people, or for a process that may take long, so
    no other work must wait for it.
    """

    name: str
    every: timedelta
    work: Callable[[Site], int]
    waits_outside: bool = False


def match(site: Site) -> int:
    """Judge what is new among reports and crime records; how many pairs."""
    return propose(
        site.database,
        keyring=site.keyring,
        tokens=site.tokens,
        now=site.now(),
        shared_keys=site.settings.shared_keys,
    )


def raise_alerts(site: Site) -> int:
    """Raise what is due; how many alerts."""
    return sweep(site.database, keyring=site.keyring, now=site.now())


def warn_of_drift(site: Site) -> int:
    """Warn in the log when what is compared is no longer like before; how many levels moved."""
    with site.database.reading() as session:
        moved = find_drift(session, now=site.now())
    for one in moved:
        facts = {"field": one.field, "level": one.level, "before": one.before, "now": one.now}
        _LOG.warning("matching has drifted", extra={"facts": facts})
    return len(moved)


def send_messages(site: Site) -> int:
    """Send what waits in the outbox; how many messages left."""
    with site.database.reading() as session:
        if not has_due(session, now=site.now()):
            return 0
    sender = sender_for(site.settings.mail)
    gate = partial(may_leave, keyring=site.keyring)
    return send_due(site.database, sender, keyring=site.keyring, clock=site.now, gate=gate)


def ask_what_arrived(site: Site) -> int:
    """Ask what became of the messages that were taken; how many that settles."""
    teller = teller_for(site.settings.mail)
    if teller is None:
        return 0
    with site.database.reading() as session:
        if not has_to_ask(session, now=site.now()):
            return 0
    return ask_deliveries(site.database, teller, keyring=site.keyring, clock=site.now)


def tell_people(site: Site) -> int:
    """Write the notices that there is something new; how many."""
    return write_notices(site.database, keyring=site.keyring, now=site.now())


def change_codes(site: Site) -> int:
    """Let the new return codes count whose 72 hours are over; how many."""
    return settle_due_changes(site.database, keyring=site.keyring, now=site.now())


def answer_requests(site: Site) -> int:
    """Look at each request for a lost return code; how many numbers go out with the messages."""
    with site.database.reading() as session:
        if not has_waiting(session):
            return 0
    return send_numbers(site.database, keyring=site.keyring, tokens=site.tokens, now=site.now())


def publish_log(site: Site) -> int:
    """Publish the log if its time has come; how many publications.

    First it signs what another was cut off before signing.
    """
    every = timedelta(seconds=site.settings.publish_every_seconds)
    sign_new(site.database, signer=site.signer)
    with site.database.reading() as session:
        if not is_due(session, now=site.now(), every=every):
            return 0
    published = publish_signed(
        site.database,
        seal_alone=site.keyring.seal_alone,
        signer=site.signer,
        now=site.now(),
        multiple=site.settings.publish_multiple,
        every=every,
    )
    return 0 if published is None else 1


def ask_for_cosignatures(site: Site) -> int:
    """Ask the witnesses about the newest publication; how many lines came."""
    if site.witnesses is None:
        return 0
    taken, problems = ask_witnesses(
        site.database, site.witnesses, signer=site.signer, ask=site.ask_witness, clock=site.now
    )
    for problem in problems:
        _LOG.warning("witness did not cosign", extra={"facts": {"why": problem}})
    return taken


def forget_visits(site: Site) -> int:
    """Close the visits that nobody came back to, and drop what is old of tries, keys and files.

    It says how many visits.
    """
    forget_waiting(site.database, now=site.now())
    forget_unfinished(site.database, now=site.now())
    with site.database.transaction() as session:
        forget_old(session, now=site.now())
        forget_old_requests(session, now=site.now())
        forget_old_keys(session, now=site.now())
        forget_former(session, now=site.now())
        return end_idle_visits(session, now=site.now())


def copy_files(site: Site) -> int:
    """Make the copies of added files that are safe to show; how many files that settles."""
    return make_copies(site.database, keyring=site.keyring, now=site.now())


def erase_reports(site: Site) -> int:
    """Erase what its person asked to have erased, once the cooling-off time is over; how many."""
    return erase_due(site.database, keyring=site.keyring, now=site.now())


def destroy_erased(site: Site) -> int:
    """Destroy the last bytes of what was erased; how many erasures that finishes."""
    return purge(site.database, clock=site.now)


# In the order in which one thing leads to the next: records, matches, alerts, numbers, messages.
JOBS = (
    Job("match", timedelta(seconds=10), match),
    Job("sweep", timedelta(seconds=20), raise_alerts),
    Job("codes", timedelta(seconds=30), change_codes),
    Job("numbers", timedelta(seconds=5), answer_requests),
    Job("notices", timedelta(seconds=30), tell_people),
    Job("messages", timedelta(seconds=10), send_messages, waits_outside=True),
    Job("arrivals", timedelta(seconds=60), ask_what_arrived, waits_outside=True),
    Job("publish", timedelta(seconds=15), publish_log),
    Job("witness", timedelta(seconds=30), ask_for_cosignatures, waits_outside=True),
    Job("copies", timedelta(seconds=5), copy_files, waits_outside=True),
    Job("visits", timedelta(minutes=10), forget_visits),
    Job("erase", timedelta(seconds=30), erase_reports),
    Job("purge", timedelta(seconds=30), destroy_erased),
    Job("drift", timedelta(days=1), warn_of_drift),
)


def run_once(site: Site, jobs: Sequence[Job] = JOBS) -> Mapping[str, int | None]:
    """Do every job once, in order; how much each did. None: it failed, or somebody else has it."""
    return {job.name: _run(site, job) for job in jobs}


def run_forever(site: Site, stop: Event, jobs: Sequence[Job] = JOBS) -> None:
    """Do each job whenever its time has come, until `stop` is set; a job at work is finished.

    Each that waits for others outside has a thread of its own: whoever is slow there must not hold
    up an alert.
    """
    alone = [
        Thread(target=_repeat, args=(site, stop, [job]), name=f"job-{job.name}", daemon=True)
        for job in jobs
        if job.waits_outside
    ]
    for thread in alone:
        thread.start()
    _repeat(site, stop, [job for job in jobs if not job.waits_outside])
    for thread in alone:
        thread.join()


def _repeat(site: Site, stop: Event, jobs: Sequence[Job]) -> None:
    due = {job.name: monotonic() for job in jobs}
    while not stop.is_set():
        for job in jobs:
            if not stop.is_set() and due[job.name] <= monotonic():
                _run(site, job)
                due[job.name] = monotonic() + job.every.total_seconds()
        stop.wait(max(0.0, min(due.values()) - monotonic()) if due else None)


def _run(site: Site, job: Job) -> int | None:
    started = monotonic()
    try:
        with site.database.only_one(f"job-{job.name}") as mine:
            if not mine:
                return None
            done = job.work(site)
    # Whatever is wrong with one job, a full disk or a fault of ours, must not stop the alerts and
    # messages of everybody else. It is tried again at its next time.
    except Exception as error:  # noqa: BLE001
        _LOG.error("job failed", exc_info=error, extra={"facts": {"job": job.name}})
        return None
    if done:
        facts = {"job": job.name, "done": done, "seconds": round(monotonic() - started, 3)}
        _LOG.info("job done", extra={"facts": facts})
    return done


def group(site: Site) -> AppGroup:
    """The `flask jobs` commands for one installation."""
    commands = TableCommands(site.database, "jobs", "Do the background work.")

    @commands.command("run")
    @click.option("--once", is_flag=True, help="Do every job once and stop.")
    def run(once: bool) -> None:
        """Match, raise alerts, send messages, publish the log, destroy what was erased."""
        # Each job alone would write the same traceback.
        if words := explain_tables(site.database):
            raise click.ClickException(words)
        if once:
            outcome = run_once(site)
            for name, done in outcome.items():
                click.echo(f"{name}: {'not done' if done is None else done}")
            if None in outcome.values():
                raise click.ClickException("Not every job was done. The log says why.")
            return
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        click.echo("The jobs run. Stop them with Ctrl-C; the one at work is finished first.")
        run_forever(site, stop)

    return commands
