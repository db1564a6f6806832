"""Promises about somebody outside who answers a byte at a time: nobody waits for them for long."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from portal.ledger.outside.deadline import TimedRequest
from portal.ledger.outside.fetching import HttpLog, Unreachable

SECONDS = 0.5
BEGINNINGS = {
    "nothing": b"",
    "the first line": b"HTTP/1.1 200",
    "a header": b"HTTP/1.1 200 OK\r\nX: ",
    "a body": b"HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n",
    "an endless body": b"HTTP/1.1 200 OK\r\n\r\n",
    "a body in pieces": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "the text of an error": b"HTTP/1.1 500 no\r\nContent-Length: 4096\r\n\r\n",
    "the text of a conflict": b"HTTP/1.1 409 no\r\n\r\n",
}

Drip = Callable[[bytes, bytes], str]


@pytest.fixture
def drip() -> Iterator[Drip]:
    """Serves a beginning, and then a byte now and then, to one caller; the address."""
    open_sockets: list[socket.socket] = []

    def serve(beginning: bytes, byte: bytes) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        open_sockets.append(listening)

        def answer() -> None:
            with suppress(OSError):
                connection, _ = listening.accept()
                open_sockets.append(connection)
                connection.sendall(beginning)
                while True:
                    connection.sendall(byte)
                    time.sleep(SECONDS / 10)

        Thread(target=answer, daemon=True).start()
        return f"127.0.0.1:{listening.getsockname()[1]}"

    yield serve
    for one in open_sockets:
        one.close()


@pytest.mark.parametrize("where", BEGINNINGS)
def test_whoever_drips_bytes_is_given_up_in_time(drip: Drip, where: str) -> None:
    byte = b"1\r\nx\r\n" if "pieces" in where else b"x"
    log = HttpLog(f"http://{drip(BEGINNINGS[where], byte)}", seconds_in_all=SECONDS)
    began = time.monotonic()
    if "text of" in where:
        assert log.exchange("add-checkpoint", b"x")[0] in (409, 500)
    else:
        with pytest.raises(Unreachable, match=r"takes too long|broke off"):
            log.exchange("add-checkpoint", b"x")
    assert time.monotonic() - began < SECONDS + 1.5


def test_empty_answers_without_end_are_given_up_in_time(drip: Drip) -> None:
    going_on = b"HTTP/1.1 100 Continue\r\n\r\n"
    log = HttpLog(f"http://{drip(going_on, going_on)}", seconds_in_all=SECONDS)
    began = time.monotonic()
    with pytest.raises(Unreachable, match="takes too long"):
        log.get("checkpoint", 1000)
    assert time.monotonic() - began < SECONDS + 1.5


def test_a_handshake_that_never_ends_is_given_up_in_time(drip: Drip) -> None:
    # The beginning of a record of 16 KB, which then comes a byte at a time.
    log = HttpLog(f"https://{drip(bytes([22, 3, 3, 64, 0]), b'x')}", seconds_in_all=SECONDS)
    began = time.monotonic()
    with pytest.raises(Unreachable):
        log.get("checkpoint", 1000)
    assert time.monotonic() - began < SECONDS + 1.5


def test_silence_is_given_up_before_the_whole_time_is_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        log = HttpLog(f"http://127.0.0.1:{silent.getsockname()[1]}", seconds=0.2)
        with pytest.raises(Unreachable, match="takes too long"):
            log.get("checkpoint", 1000)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for this machine that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "both.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + made.public_bytes(Encoding.PEM)
    )
    return path


def test_https_is_read_from_whom_somebody_vouches_for_and_from_nobody_else(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def answer(listening: socket.socket) -> None:
        while True:
            with suppress(OSError):
                connection, _ = listening.accept()
                with context.wrap_socket(connection, server_side=True) as safe:
                    safe.recv(4096)
                    safe.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole")
            if listening.fileno() < 0:
                return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=answer, args=(listening,), daemon=True).start()
        url = f"https://localhost:{listening.getsockname()[1]}"
        with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
            HttpLog(url).get("checkpoint", 1000)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert HttpLog(url).get("checkpoint", 1000) == b"whole"


def test_a_request_without_a_deadline_has_all_the_time() -> None:
    assert TimedRequest("http://127.0.0.1/").deadline == float("inf")
