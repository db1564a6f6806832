"""While one lot is compared the next is opened, and nothing is lost between the two."""

import sys
from collections.abc import Callable, Iterator
from threading import Event, current_thread, main_thread

import pytest

from portal.matching.one_behind import one_behind


def test_the_next_piece_is_made_ready_while_the_last_is_being_done() -> None:
    is_ready = Event()

    def first() -> bool:
        assert current_thread() is not main_thread()
        # Would wait for ever if the second were asked for afterwards.
        return is_ready.wait(timeout=10)

    def pieces() -> Iterator[Callable[[], bool]]:
        yield first
        is_ready.set()
        yield is_ready.is_set

    assert list(one_behind(pieces())) == [True, True]


def test_turns_are_short_meanwhile_and_as_before_afterwards() -> None:
    was = sys.getswitchinterval()
    (during,) = one_behind([sys.getswitchinterval])
    assert during < was
    assert sys.getswitchinterval() == was


@pytest.mark.parametrize("many", [0, 1, 5])
def test_results_come_in_the_order_of_the_pieces(many: int) -> None:
    assert list(one_behind(number.__int__ for number in range(many))) == list(range(many))


def test_what_goes_wrong_is_told_and_the_rest_is_not_begun() -> None:
    done: list[int] = []

    def wrong() -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        list(one_behind([lambda: done.append(1), wrong, lambda: done.append(3)]))
    assert done == [1]
