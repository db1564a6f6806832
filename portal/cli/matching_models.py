"""Models of the matching from the command line: fit one, say which decides, let one decide.

Exit code 0: done. 2: it could not be done, and nothing was changed.
"""

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup
from tqdm import tqdm

from portal.errors import OnRecordError, Refused
from portal.matching.card import Measured, model_card
from portal.matching.choosing import choices, current_model, find_text
from portal.matching.model import CURRENT
from portal.matching.opening import Supplies
from portal.matching.refitting import Fitted, fit_here
from portal.matching.rerunning import count_work
from portal.matching.service import use_model
from portal.site import Site

COULD_NOT_RUN = 2
TRIED = (
    "reports left out of the fit, each tried twice: once without its numbers, and once without its "
    "record too, as if it had never been recorded"
)


def add_model_commands(commands: AppGroup, site: Site) -> None:
    """Add `fit`, `models` and `use` to the `flask matching` commands."""
    _add_fit(commands, site)
    _add_choice(commands, site)


def _add_fit(commands: AppGroup, site: Site) -> None:
    @commands.command("fit")
    @click.argument("version")
    @click.option(
        "--folder",
        type=click.Path(file_okay=False, path_type=Path),
        help="Where to write; the folder matching-models of the site's instance otherwise.",
    )
    @click.option("--seed", type=int, default=1, help="What is drawn by chance is drawn by this.")
    @click.option("--reports", type=click.IntRange(min=100), default=6_000, help="At most so many.")
    @click.pass_context
    def fit(
        context: click.Context, version: str, *, folder: Path | None, seed: int, reports: int
    ) -> None:
        """Fit the weights to the reports and records of this site, without labels.

        It writes model_VERSION.json and its card, and changes nothing else: read the card, then
        let the model decide with `flask matching use`.
        """
        folder = folder or site.settings.instance / "matching-models"
        try:
            paths_for(version, folder)
            made = _fit(site, version, seed=seed, reports=reports)
            said = save(made, folder)
        except OnRecordError as error:
            click.echo(error.message, err=True)
            context.exit(COULD_NOT_RUN)
        click.echo(said)


def _add_choice(commands: AppGroup, site: Site) -> None:
    @commands.command("models")
    def models() -> None:
        """Say which model decides, and which did before."""
        with site.database.reading() as session:
            click.echo(f"Decides: {current_model(session).version}")
            for one in choices(session):
                click.echo(f"{one.at:%Y-%m-%d %H:%M} UTC  {one.version}  SHA-256 {one.digest}")
        click.echo(f"Comes with the program: {CURRENT}")

    @commands.command("use")
    @click.argument("model")
    @click.pass_context
    def use(context: click.Context, model: str) -> None:
        """Let a model decide from now on: the path of its file, or a version that is known here.

        Everything is compared again by the matching job, which may take hours.
        """
        try:
            text = _text(site, model)
            with site.database.transaction() as session:
                version = use_model(session, text, now=site.now()).version
        except OnRecordError as error:
            click.echo(error.message, err=True)
            context.exit(COULD_NOT_RUN)
        click.echo(f"{version} decides from now on. The matching job compares everything again.")


def save(made: Fitted, folder: Path) -> str:
    """Write a model and its card, and give the card with where both are. Never over another.

    Raises Refused.
    """
    path, card = paths_for(made.model.version, folder)
    said = model_card(made.model, [Measured(TRIED, made.figures)])
    _write(path, made.text)
    _write(card, said)
    return f"{said}\nWritten: {path} and {card}. The site matches as before."


def paths_for(version: str, folder: Path) -> tuple[Path, Path]:
    """Where a model of this version and its card go. Raises Refused when one of them is there."""
    if not version.isascii() or not version.replace("-", "").isalnum():
        raise Refused("A version is written in letters, figures and dashes: four-class-3.")
    path, card = folder / f"model_{version}.json", folder / f"model-card_{version}.md"
    if path.exists() or card.exists():
        raise Refused(f"{path} is there already. Nothing was changed. Choose another version.")
    return path, card


def _fit(site: Site, version: str, *, seed: int, reports: int) -> Fitted:
    supplies = Supplies(site.keyring, site.settings.shared_keys)
    with site.database.reading() as session:
        start = json.loads(find_text(session, current_model(session).version))
        # Records pass by twice.
        steps = 2 * count_work(session)
        with tqdm(total=steps, unit=" rows", unit_scale=True, disable=not sys.stderr.isatty()) as b:

            def advance(rows: int) -> None:
                b.update(rows)

            return fit_here(
                session,
                start,
                supplies=supplies,
                version=version,
                made=f"{site.now():%Y-%m-%d}",
                seed=seed,
                most_reports=reports,
                advance=advance,
            )


def _write(path: Path, text: str) -> None:
    # "x" lets nobody write over a file that came meanwhile.
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from None


def _text(site: Site, model: str) -> str:
    if model.endswith(".json"):
        try:
            return Path(model).read_text(encoding="utf-8")
        except (OSError, ValueError):
            raise Refused(f"{model} cannot be read. Nothing was changed.") from None
    with site.database.reading() as session:
        return find_text(session, model)
