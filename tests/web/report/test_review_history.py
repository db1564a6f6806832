"""The person reads that somebody read, asked and answered; not what a reader thought."""

from portal.web.report.review_history import REVIEW_WORDS


def say(kind: str, **fields: object) -> str:
    return REVIEW_WORDS[kind]({name.replace("__", "."): value for name, value in fields.items()})


def test_what_was_read_and_asked_is_told_without_what_a_reader_thought() -> None:
    about = {"record__force": "wiltshire", "record__reference": "54/9/26"}
    words = [
        say("match_read", read__of_two=True, read__verdict="none", **about),
        say("match_read", decided__role="registrar", **about),
        say("match_reopened", decided__reason="A blue van", **about),
        say("force_asked", question="Is 54/9/26 the record of this report?", **about),
        say("force_replied", answer="unknown", words="A blue van", **about),
    ]
    assert "Two people have to agree." in words[0]
    assert "crime registrar" in words[1]
    assert "is looked at again" in words[2]
    assert "We asked Wiltshire" in words[3]
    assert "cannot say" in words[4]
    assert not any("54/9/26" in said or "blue van" in said for said in words)
    own = say("victim_answered", question="Is 54/9/26 the number for this?", answer="unknown")
    assert "54/9/26" in own
    assert "You answered: I don’t know." in own


def test_a_record_of_theirs_that_is_gone_is_named_with_what_became_of_it() -> None:
    about = {"record__reference": "54/9/26", "decided__reason": "A blue van"}
    removed = say("match_gone", record__removed="C2", record__is_note=False, **about)
    note = say("match_gone", record__removed=None, record__is_note=True, **about)
    assert "the police record 54/9/26 was of this. The police have removed it" in removed
    assert "the police hold a note of this with the reference 54/9/26" in note
    for said in (removed, note):
        assert "does not stop the time limit" in said
        assert "blue van" not in said
