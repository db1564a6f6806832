"""The garbage collector is as it was before, whatever happened meanwhile."""

import gc

import pytest

from portal.matching.collecting import IN_LOTS, rare_collections


def test_circles_are_looked_for_more_seldom_and_then_as_before() -> None:
    was = gc.get_threshold()
    with rare_collections():
        assert gc.get_threshold()[0] >= 50_000
        with rare_collections(IN_LOTS):
            assert gc.get_threshold()[0] >= IN_LOTS
    assert gc.get_threshold() == was


def test_a_fault_leaves_the_collector_as_it_was() -> None:
    was = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), rare_collections():
        _ = 1 / 0
    assert gc.get_threshold() == was


def test_whoever_turned_it_off_finds_it_off() -> None:
    was = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with rare_collections():
            assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*was)
