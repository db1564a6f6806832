"""The process in which one hostile file is opened: `python -m portal.evidence.child KIND`.

It reads the file from its input and writes the copy to its output: the kind on the first line,
then the bytes. It has no key, no database and no setting, may write no file, and ends when it uses
more memory or time than any honest file needs.
"""

import resource
import sys

MADE, LOCKED, FAILED = 0, 3, 4
MOST_MEMORY = 1536 * 1024 * 1024
MOST_SECONDS = 30
MOST_COPY = 100_000_000
"""Bytes of a copy."""


def limit_self() -> None:
    """Bound memory (bytes), processor time (seconds), files and core dumps. There is no way back.

    What is in memory here is somebody's picture: it must not lie on a disk as a core dump.
    """
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def clean(original: bytes, kind: str) -> tuple[int, bytes]:
    """What to exit with, and what to write."""
    # Imported here: nothing is opened before the limits are set.
    from portal.evidence import pdf, picture

    try:
        if kind == "pdf":
            made, copy = "pdf", pdf.take_pages(original)
        else:
            made, copy = picture.draw_anew(original, kind)
    except pdf.Locked:
        return LOCKED, b""
    # Whatever a decoder raises over such a file, the answer is the same.
    except Exception:  # noqa: BLE001
        return FAILED, b""
    if len(copy) > MOST_COPY:
        return FAILED, b""
    return MADE, made.encode() + b"\n" + copy


def main() -> int:
    """Clean what comes in; the exit code says how it went."""
    limit_self()
    code, out = clean(sys.stdin.buffer.read(), sys.argv[1])
    sys.stdout.buffer.write(out)
    sys.stdout.buffer.flush()
    return code


if __name__ == "__main__":
    sys.exit(main())
