"""Promises about what is in the repository: it stands alone, names no machine, holds no secret,
and its two commands do what the README says."""

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

from tests.promises.source import ROOT

# Written in halves, so that this file does not hold what it looks for.
HOSTS = [
    ".".join(halves)
    for halves in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry.npmjs", "org"),
        ("deb.debian", "org"),
        ("snapshot.debian", "org"),
        ("archive.ubuntu", "com"),
        ("proxy.golang", "org"),
        ("files.pypi", "io"),
    )
]
MACHINE = re.compile(
    r"(?<![\w.$}])/(?:root|home/[a-z]+|Users/[A-Za-z]+|" + r"work/(?:main|shared)|opt/wheels)\b"
)
SECRETS = {
    "a private key": re.compile("-----BEGIN [A-Z ]*PRIVATE" + " KEY-----"),
    "a note signer's private key": re.compile(r"PRIVATE\+" + r"KEY\+[\w.-]+\+[0-9a-f]{8}\+"),
    "a cloud key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "a token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|xox[abp]-[\w-]{10,}|sk-[\w-]{30,})"),
    "a password in an address": re.compile(r"://[^/\s:@'\"{<>]+:[^/\s:@'\"{<>]+@(?!/)[\w.-]+"),
}
# Published test vectors and minified files of others; each stands in its own folder or name.
OTHERS = re.compile(r"^tests/vectors/|\.min\.js$|^static/css/site\.css$|^static/js/site\.js$")
LOCKED = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>\S+?)(?: ; (?P<marker>.*?))? \\$", re.MULTILINE
)
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")
MAKE = re.compile(r"`?\bmake ([a-z]+(?:-[a-z]+)*)\b")


@cache
def tracked() -> dict[str, str]:
    """Every text file that is, or is about to be, in the repository, with its text."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    texts = {}
    for name in filter(None, listed):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes())[:8000]:
            texts[name] = content.decode("utf-8", "replace")
    assert texts
    return texts


def lock(name: str) -> dict[str, str]:
    return {m["name"]: m["version"] for m in LOCKED.finditer((ROOT / name).read_text())}


def test_no_file_names_where_packages_are_fetched_from() -> None:
    found = [
        f"{name}: {host}" for name, text in tracked().items() for host in HOSTS if host in text
    ]
    assert not found, "\n".join(found)


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    found = [
        f"{name}: {match[0]}"
        for name, text in tracked().items()
        if not OTHERS.search(name)
        for match in MACHINE.finditer(text)
    ]
    assert not found, "\n".join(found)


def test_no_file_holds_a_secret() -> None:
    found = [
        f"{name}: {what}"
        for name, text in tracked().items()
        if not OTHERS.search(name)
        for what, pattern in SECRETS.items()
        if pattern.search(text)
    ]
    assert not found, "\n".join(found)


def test_nothing_outside_the_repository_is_read() -> None:
    upward = re.compile(r"\.\./" + r"shared\b")
    assert not [name for name, text in tracked().items() if upward.search(text)]


def test_nothing_that_a_run_makes_is_kept_in_the_repository() -> None:
    made = re.compile(
        r"(^|/)(\.venv|instance|__pycache__|node_modules)/|\.(pyc|sqlite|sqlite-wal)$"
    )
    assert not [name for name in tracked() if made.search(name)]


def test_every_line_of_every_lock_has_its_hash() -> None:
    for name in LOCKS:
        text = (ROOT / name).read_text()
        named = [line for line in text.splitlines() if re.match(r"[a-zA-Z0-9]", line)]
        assert len(named) == len(LOCKED.findall(text)) > 10, name
        for block in re.split(r"\n(?=[a-zA-Z0-9])", text)[1:]:
            assert "--hash=sha256:" in block, block.splitlines()[0]
        assert not re.search(r"^\s*--(?!hash)", text, re.MULTILINE), f"{name} holds an option"


def test_what_runs_is_what_was_tested() -> None:
    runs, tested = lock("requirements.lock"), lock("requirements-dev.lock")
    assert runs.items() <= tested.items()


def test_every_lock_holds_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needs = project["project"]["dependencies"]
    for name, wanted in (
        ("requirements.lock", needs),
        ("requirements-dev.lock", needs + project["dependency-groups"]["dev"]),
        ("requirements-bench.lock", needs + project["dependency-groups"]["bench"]),
    ):
        asked = {re.split(r"[^a-z0-9-]", each)[0] for each in wanted}
        assert asked <= set(lock(name)), f"{name}: run make lock"


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_the_readme_opens_with_the_two_commands() -> None:
    opening = "\n".join((ROOT / "README.md").read_text().splitlines()[:40])
    assert re.search(r"^\s*make run\b", opening, re.MULTILINE)
    assert re.search(r"^\s*make test\b", opening, re.MULTILINE)


def test_every_make_command_in_the_documents_exists() -> None:
    documents = [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), ROOT / "SECURITY.md"]
    for path in documents:
        # Only what stands as code: prose may well make something else.
        code = re.findall(r"`([^`\n]+)`|^( {4}.*|\t.*|make .*)$", path.read_text(), re.MULTILINE)
        named = {word for pair in code for part in pair for word in MAKE.findall(part)}
        assert named <= targets(), f"{path.relative_to(ROOT)}: {named - targets()}"


def test_every_make_command_has_a_line_of_help() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    helped = set(re.findall(r"^make ([a-z-]+)", said.stdout, re.MULTILINE))
    assert helped == targets() >= {"run", "test", "check", "bench", "lock", "help"}


def test_every_link_to_a_file_in_the_documents_leads_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {link}"
        for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text())
        if not re.match(r"[a-z]+:", link) and not (path.parent / link).exists()
    ]
    assert not broken, "\n".join(broken)


def test_the_licence_is_named_alike_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "MIT"
    assert Path(ROOT / "LICENSE").read_text().startswith("MIT License\n")
