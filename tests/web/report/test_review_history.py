"""The person reads that somebody read, asked and answered; not what a reader thought."""

from portal.web.report.review_history import REVIEW_WORDS


def say(kind: str, **fields: object) -> str:
    return REVIEW_WORDS[kind]({name.replace("__", "."): value for name, value in fields.items()})


def test_what_was_read_and_asked_is_told_without_what_a_reader_thought() -> None:
    about = {"record__force": "wiltshire", "record__reference": "54/9/26"}
    words = [
        say("match_read", read__of_two=True, read__verdict="none", **about),
        say("match_read", decided__role="registrar", **about),
        say("force_asked", question="Is 54/9/26 the record of this report?", **about),
        say("force_replied", answer="unknown", words="A blue van", **about),
    ]
    assert "Two people have to agree." in words[0]
    assert "crime registrar" in words[1]
    assert "We asked Wiltshire" in words[2]
    assert "cannot say" in words[3]
    assert not any("54/9/26" in said or "blue van" in said for said in words)
    own = say("victim_answered", question="Is 54/9/26 the number for this?", answer="unknown")
    assert "54/9/26" in own
    assert "You answered: I don’t know." in own
