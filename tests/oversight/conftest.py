"""A site on which everything happened once, for what an audit must notice."""

from dataclasses import replace

import pytest

from portal.site import Site
from tests.rig.audited import live
from tests.rig.clock import HandClock


@pytest.fixture
def lived(site: Site, clock: HandClock) -> Site:
    """It holds more than 256 entries, three publications, and a row of every kind."""
    made = replace(site, settings=replace(site.settings, publish_multiple=128))
    live(made, clock)
    return made
