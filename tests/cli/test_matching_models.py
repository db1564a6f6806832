"""`flask matching fit`, `models` and `use`: a fit changes nothing; people choose."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from portal.cli.matching import group
from portal.cli.matching_models import save
from portal.errors import Refused
from portal.matching.model import CURRENT
from portal.site import Site
from tests.matching.test_choosing import decided_by, text_of
from tests.matching.test_judging import Sure, burglary
from tests.matching.test_refitting import fitted, town
from tests.rig.supplies import take
from tests.rig.town import look


def run(site: Site, *words: str) -> Result:
    return Flask("test").test_cli_runner().invoke(group(site), list(words))


def test_a_fitted_model_is_written_with_its_card_and_decides_only_once_it_was_accepted(
    site: Site, tmp_path: Path
) -> None:
    town(site)
    look(site)
    said = save(fitted(site), tmp_path / "new")
    assert "# Model card: ours-2" in said
    assert "What it must not be used for" in said
    assert "The site matches as before." in said
    path = tmp_path / "new" / "model_ours-2.json"
    assert json.loads(path.read_text())["version"] == "ours-2"
    assert (tmp_path / "new" / "model-card_ours-2.md").read_text() in said
    look(site)
    assert decided_by(site) == {CURRENT}
    used = run(site, "use", str(path))
    assert used.exit_code == 0, used.output
    assert "ours-2 decides from now on." in used.output
    look(site)
    assert decided_by(site) == {"ours-2"}
    assert "Decides: ours-2" in run(site, "models").output
    back = run(site, "use", CURRENT)
    assert back.exit_code == 0, back.output
    look(site)
    assert decided_by(site) == {CURRENT}


def test_a_model_is_never_written_over_another(site: Site, tmp_path: Path) -> None:
    town(site)
    made = fitted(site)
    save(made, tmp_path)
    before = (tmp_path / "model_ours-2.json").read_bytes()
    with pytest.raises(Refused, match="there already"):
        save(made, tmp_path)
    said = run(site, "fit", "ours-2", "--folder", str(tmp_path))
    assert (said.exit_code, "Choose another version" in said.output) == (2, True)
    assert (tmp_path / "model_ours-2.json").read_bytes() == before


def test_too_few_reports_with_a_known_record_are_said_in_plain_words(
    site: Site, tmp_path: Path
) -> None:
    crime = burglary()
    crime.report(site, Sure())
    take(site, [crime.record()])
    said = run(site, "fit", "ours-2", "--folder", str(tmp_path / "new"))
    assert said.exit_code == 2
    assert "A fit needs 300, or it would learn chance. Nothing was written." in said.output
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("words", [["fit", "../x"], ["use", "nothing.json"], ["use", "nothing"]])
def test_what_cannot_be_done_changes_nothing(site: Site, words: list[str]) -> None:
    said = run(site, *words)
    assert said.exit_code == 2, said.output
    assert "Traceback" not in said.output
    assert f"Decides: {CURRENT}" in run(site, "models").output


def test_a_file_that_is_no_model_is_refused(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(text_of("ours-2", limits={}))
    said = run(site, "use", str(path))
    assert (said.exit_code, "was refused" in said.output) == (2, True)
