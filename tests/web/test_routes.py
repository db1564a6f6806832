"""One table names every address; what may be cached is listed and public."""

from flask import Flask

from portal.web.routes import AREAS, cacheable_endpoints, who_may_enter


def test_only_public_pieces_of_the_log_may_be_cached() -> None:
    table = who_may_enter()
    assert cacheable_endpoints()
    for endpoint in cacheable_endpoints():
        assert endpoint.startswith("log.")
        assert table[endpoint] == frozenset({"anyone"})


def test_two_areas_never_answer_under_one_address(app: Flask) -> None:
    seen: dict[tuple[str, str], str] = {}
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            assert (rule.rule, method) not in seen, rule.rule
            seen[rule.rule, method] = rule.endpoint
    assert len(AREAS) == len({area.blueprint.name for area in AREAS})
