"""Reading over HTTP is bounded, goes nowhere else than was said, and never takes a part for all."""

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from portal.ledger.outside.fetching import Answered, BadAddress, HttpLog, NotServed, Unreachable
from tests.rig.tiny_log import TinyLog, make_leaves, served


class Odd(BaseHTTPRequestHandler):
    """A server that does what servers should not."""

    def do_GET(self) -> None:
        what = self.path.strip("/")
        packed = gzip.compress(bytes(1000))
        length = len(packed) if what in ("packed", "torn") else 10
        self.send_response(
            {"gone": 410, "moved": 302, "broken": 500, "refused": 404}.get(what, 200)
        )
        if what == "moved":
            self.send_header("Location", "/packed")
        if what in ("packed", "torn", "not-packed", "other"):
            self.send_header("Content-Encoding", "br" if what == "other" else "gzip")
        self.send_header("Content-Length", str(length))
        self.end_headers()
        whole = packed if what in ("packed", "torn") else b"0123456789"
        self.wfile.write(whole[:-4] if what in ("torn", "short") else whole)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def odd() -> Iterator[HttpLog]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield HttpLog(f"http://127.0.0.1:{server.server_address[1]}/", seconds=5)
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_log_is_read_and_a_cosignature_is_sent() -> None:
    log = TinyLog(make_leaves(3))
    with served(log) as url:
        http = HttpLog(f"{url}/")
        assert http.get("checkpoint", 10_000) == log.note.encode()
        assert http.post("witness/cosignature", b"3\nline\n") == b"taken\n"
        with pytest.raises(NotServed, match=r"/tile/0/001 answers with 404\."):
            http.get("tile/0/001", 10)
    assert log.sent == [b"3\nline\n"]


def test_what_is_too_large_or_cut_short_is_not_taken(odd: HttpLog) -> None:
    assert odd.get("plain", 10) == b"0123456789"
    with pytest.raises(Unreachable, match="larger than it may be"):
        odd.get("plain", 9)
    with pytest.raises(Unreachable, match="broke off"):
        odd.get("short", 100)


def test_what_is_packed_is_unpacked_within_the_limit(odd: HttpLog) -> None:
    assert odd.get("packed", 1000) == bytes(1000)
    with pytest.raises(Unreachable, match="larger than it may be"):
        odd.get("packed", 999)
    with pytest.raises(Unreachable, match="broke off"):
        odd.get("torn", 1000)
    with pytest.raises(Unreachable, match="broken way"):
        odd.get("not-packed", 1000)
    with pytest.raises(Unreachable, match="not asked for"):
        odd.get("other", 1000)


@pytest.mark.parametrize(
    ("path", "code", "kind"),
    [
        ("gone", 410, NotServed),
        ("refused", 404, NotServed),
        ("broken", 500, Answered),
        ("moved", 302, Answered),
    ],
)
def test_other_answers_are_told_apart_and_no_redirect_is_followed(
    odd: HttpLog, path: str, code: int, kind: type[Unreachable]
) -> None:
    with pytest.raises(Unreachable, match=f"answers with {code}") as raised:
        odd.get(path, 1000)
    assert type(raised.value) is kind


def test_nobody_at_home_is_unreachable(odd: HttpLog) -> None:
    with pytest.raises(Unreachable, match="cannot be reached"):
        HttpLog("http://127.0.0.1:9").get("checkpoint", 10)


@pytest.mark.parametrize(
    "url",
    [
        "http://log.example/",
        "ftp://log.example/",
        "file:///etc/passwd",
        "log.example",
        "https://",
        "https://log.example/?a=b",
        "https://log.example/#a",
        "https://somebody@log.example/",
        "https://log.example:port/",
        "https://lög.example/",
        "https://log.example/a b",
        "http://127.0.0.1.example/",
    ],
)
def test_an_address_that_could_mislead_is_refused(url: str) -> None:
    with pytest.raises(BadAddress, match="The address"):
        HttpLog(url)


@pytest.mark.parametrize(
    "url",
    ["https://log.example", "http://127.0.0.1:8080", "http://localhost/", "http://[::1]:80/a"],
)
def test_https_and_this_machine_are_taken(url: str) -> None:
    assert HttpLog(url)


def test_http_to_elsewhere_only_when_it_was_asked_for() -> None:
    with pytest.raises(BadAddress, match="--allow-http"):
        HttpLog("http://log.example/")
    assert HttpLog("http://log.example/", allow_http=True)


def test_a_no_can_be_read_with_its_text(odd: HttpLog) -> None:
    status, body = odd.exchange("broken", b"x")
    assert status == 501
    assert b"Unsupported" in body
