"""Which kinds of file are taken, told by their own first bytes: never by a name or a claim.

The signatures are those of the formats' own documents: JPEG (ITU T.81), PNG (W3C), GIF 89a, WebP
and WAV (RIFF), ISO base media (ISO/IEC 14496-12), Matroska/WebM, Ogg (RFC 3533), AMR (RFC 4867),
MPEG audio (ISO/IEC 11172-3), PDF (ISO 32000).
"""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

HEAD = 4096
"""How many of a file's first bytes `recognise` has to see, or all of a shorter file."""

PICTURE, DOCUMENT, SOUND, VIDEO, TEXT = "picture", "document", "sound", "video", "text"


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is called here, and how it is given back.

    `family` is how people speak of it; `shows` whether a copy can be made that is safe to show.
    """

    name: str
    family: str
    extension: str
    content_type: str
    shows: bool = False


_KINDS = (
    Kind("jpeg", PICTURE, "jpg", "image/jpeg", shows=True),
    Kind("png", PICTURE, "png", "image/png", shows=True),
    Kind("gif", PICTURE, "gif", "image/gif", shows=True),
    Kind("webp", PICTURE, "webp", "image/webp", shows=True),
    Kind("heic", PICTURE, "heic", "image/heic"),
    Kind("pdf", DOCUMENT, "pdf", "application/pdf", shows=True),
    Kind("mp3", SOUND, "mp3", "audio/mpeg"),
    Kind("m4a", SOUND, "m4a", "audio/mp4"),
    Kind("wav", SOUND, "wav", "audio/wav"),
    Kind("ogg", SOUND, "ogg", "audio/ogg"),
    Kind("amr", SOUND, "amr", "audio/amr"),
    Kind("mp4", VIDEO, "mp4", "video/mp4"),
    Kind("mov", VIDEO, "mov", "video/quicktime"),
    Kind("3gp", VIDEO, "3gp", "video/3gpp"),
    Kind("webm", VIDEO, "webm", "video/webm"),
    Kind("text", TEXT, "txt", "text/plain; charset=utf-8"),
)
KINDS = {kind.name: kind for kind in _KINDS}
ACCEPT = ",".join(
    (*(f".{kind.extension}" for kind in _KINDS), ".jpeg", ".heif", ".m4v", ".opus", ".oga", ".3g2")
)
"""What a browser offers first when a file is chosen. It proves nothing."""

_BRANDS = {
    "heic": (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"),
    "m4a": (b"M4A ", b"M4B "),
    "mov": (b"qt  ",),
    "3gp": (b"3gp", b"3g2", b"3gs", b"3gr"),
    "mp4": (b"isom", b"iso", b"mp4", b"avc1", b"M4V", b"MSNV", b"dash", b"f4v ", b"XAVC", b"hvc1"),
}
_STARTS = (
    ("png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    ("gif", b"GIF87a"),
    ("gif", b"GIF89a"),
    ("pdf", b"%PDF-1."),
    ("pdf", b"%PDF-2."),
    ("ogg", b"OggS\x00"),
    ("amr", b"#!AMR\n"),
    ("amr", b"#!AMR-WB\n"),
)
_RIFF = {b"WEBP": "webp", b"WAVE": "wav"}
_EBML = b"\x1a\x45\xdf\xa3"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"))
_UTF16_BE = codecs.BOM_UTF16_BE
# Control characters that a plain text may hold: tab, line ends, form feed.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
# How text begins that a program would run, or draw as a page.
_ACTIVE = re.compile(r"<|#!|%!|\{\\rtf|@echo\b|MZ[^a-z]", re.I)
_SYNC = b"\xff"


def recognise(head: bytes) -> Kind | None:
    """The kind that a file's first bytes show; None for whatever is not taken.

    What looks like text has to be looked at as a whole as well: `TextCheck`.
    """
    for look in (_by_start, _by_container, _by_frames, _by_text):
        if name := look(head):
            return KINDS[name]
    return None


def _by_start(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff") and len(head) > 3 and 0xC0 <= head[3] < 0xFF:
        return "jpeg"
    return next((name for name, start in _STARTS if head.startswith(start)), "")


def _by_container(head: bytes) -> str:
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], "")
    if head.startswith(_EBML):
        # The name of the format is one of the first elements of the header.
        return "webm" if b"\x42\x82\x84webm" in head[:64] else ""
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return next((name for name, all_ in _BRANDS.items() if brand.startswith(all_)), "")
    return ""


def _by_frames(head: bytes) -> str:
    """MP3: a tag of its own, or two frames of MPEG audio layer III that follow on each other."""
    if head.startswith(b"ID3") and len(head) > 9 and head[3] in (2, 3, 4) and max(head[6:10]) < 128:
        return "mp3"
    length = _frame_length(head[:4])
    following = head[length : length + 4] if length else b""
    return "mp3" if _frame_length(following) else ""


_RATES_V1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_V2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _frame_length(header: bytes) -> int:
    """The length in bytes of the MPEG audio layer III frame with this header; 0 for no such."""
    if len(header) < 4 or header[:1] != _SYNC or header[1] & 0xE6 != 0xE2:
        return 0
    version, rate, samples = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or samples == 3:
        return 0
    bits = (_RATES_V1 if version == 3 else _RATES_V2)[rate] * 1000
    per_frame = 144 if version == 3 else 72
    return per_frame * bits // _SAMPLES[version][samples] + (header[2] >> 1 & 1)


def _by_text(head: bytes) -> str:
    check = TextCheck()
    check.feed(head)
    return "text" if check.may_be_text and not _ACTIVE.match(check.beginning) else ""


class TextCheck:
    """Whether bytes, fed piece by piece, are plain text: UTF-8, or UTF-16 that says so."""

    def __init__(self) -> None:
        self.may_be_text = True
        self.beginning = ""
        self._decoder: codecs.IncrementalDecoder | None = None

    def feed(self, piece: bytes) -> None:
        """Look at the next piece."""
        if not self.may_be_text:
            return
        if self._decoder is None:
            self._decoder = codecs.getincrementaldecoder(_encoding_of(piece))()
        self._take(lambda decoder: decoder.decode(piece))

    def ends(self) -> bool:
        """Whether all of it was text, to the last character."""
        self._take(lambda decoder: decoder.decode(b"", True))
        return self.may_be_text

    def _take(self, decode: Callable[[codecs.IncrementalDecoder], str]) -> None:
        if not self.may_be_text or self._decoder is None:
            return
        try:
            text = decode(self._decoder)
        except UnicodeDecodeError:
            self.may_be_text = False
            return
        self.may_be_text = not _CONTROL.search(text)
        if not self.beginning:
            # Marks that are not seen come before the first letter in what telephones export.
            self.beginning = text.lstrip("\ufeff\u200e\u200f \t\r\n\f")[:200]


def _encoding_of(head: bytes) -> str:
    if head.startswith(_UTF16_BE):
        return "utf-16"
    return next((name for bom, name in _BOMS if head.startswith(bom)), "utf-8")


_WEB = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<[!?a-z]", re.I)
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
)
_PACKED = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"MSCF")
_OFFICE = (b"[Content_Types].xml", b"word/", b"xl/", b"ppt/", b"mimetypeapplication/vnd.oasis")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def why_not(head: bytes) -> str:
    """What a file that is not taken seems to be: "web", "program", "office", "packed", "other"."""
    if _WEB.match(head):
        return "web"
    if head.startswith(_OLE) or head.lstrip().startswith(b"{\\rtf"):
        return "office"
    if head.startswith(b"PK"):
        return "office" if any(mark in head for mark in _OFFICE) else "packed"
    if head.startswith(_PACKED):
        return "packed"
    return "program" if head.startswith(_PROGRAMS) else "other"
