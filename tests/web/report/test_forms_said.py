"""The forms for what a person says ask only what is needed."""

from flask import Flask

from portal.web.report.forms_said import HOW, RightForm, SaidForm, ToldMeForm


def test_which_record_is_asked_only_where_there_are_several(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"record": "54/8/26"}):
        form = SaidForm()
        form.offer(["54/7/26", "54/8/26"])
        assert form.validate()
        assert form.reference(["54/7/26", "54/8/26"]) == "54/8/26"
        one = SaidForm()
        one.offer(["54/7/26"])
        assert one.reference(["54/7/26"]) == "54/7/26"
        assert one.reference([]) == ""


def test_a_record_that_was_not_offered_is_refused(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"record": "54/9/26"}):
        form = SaidForm()
        form.offer(["54/7/26", "54/8/26"])
        assert not form.validate()


def test_all_about_what_police_said_may_stay_empty(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"how": "phone", "who": "PC Small"}):
        form = ToldMeForm()
        form.offer([])
        assert form.validate()
        assert form.details() == {
            "when": "",
            "how": "phone",
            "who": "PC Small",
            "reason": "",
            "words": "",
        }
        assert set(HOW) == {one.value for one in form.how.options}


def test_the_answer_says_which_kind_it_is(app: Flask) -> None:
    for answer, kind in (("stands_by", "stands_by"), ("chose_wrong", "chose_wrong")):
        with app.test_request_context("/", method="POST", data={"answer": answer}):
            form = RightForm()
            form.offer([])
            assert form.validate()
            assert form.kind("stands_by") == kind
