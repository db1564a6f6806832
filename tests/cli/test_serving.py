"""Promises about the demonstration's server: it serves, does the jobs, and stops in good order."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.promises.source import ROOT

_SCRIPT = """
import sys
from pathlib import Path
from portal.app import create_app
from portal.cli.schema import migrate
from portal.cli.serving import Server
from portal.config import Settings

app = create_app(Settings.for_demonstration(Path(sys.argv[1])))
site = app.extensions["on_record"]
migrate(site.database)
site.database.engine.dispose()
Server(app, site, int(sys.argv[2]), lambda: print("ready", flush=True)).run()
"""


class Running:
    """A server in processes of its own."""

    def __init__(self, port: int, process: "subprocess.Popen[str]") -> None:
        self.port = port
        self.process = process

    def get(self, path: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    def wait_for(self, path: str, seconds: float = 30) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            status, body = self.get(path)
            if status == 200:
                return body
            time.sleep(0.2)
        pytest.fail(f"{path} did not come")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, str(tmp_path / "instance"), str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield Running(port, process)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_it_serves_and_does_the_jobs_and_logs_nobodys_requests(running: Running) -> None:
    assert running.get("/")[0] == 200
    assert "demonstration.invalid/on-record" in running.wait_for("/checkpoint")
    running.process.send_signal(signal.SIGTERM)
    said, _ = running.process.communicate(timeout=40)
    assert running.process.returncode == 0
    assert "checkpoint" not in said
    assert "127.0.0.1" not in said
    assert "Traceback" not in said


def test_ctrl_c_in_the_terminal_stops_every_process(running: Running) -> None:
    running.wait_for("/checkpoint")
    # A terminal sends it to all of them at once.
    os.killpg(running.process.pid, signal.SIGINT)
    said, _ = running.process.communicate(timeout=40)
    assert running.process.returncode == 0
    assert "Traceback" not in said
    with pytest.raises(OSError, match="refused"):
        running.get("/")
