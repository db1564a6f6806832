"""Files for tests: honest ones of every kind, and hostile ones."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

import pikepdf
from PIL import Image

from portal.evidence.adding import add_file
from portal.evidence.kinds import HEAD
from portal.evidence.parts import PART
from portal.site import Site

PLACE = b"Quokkaville"
"""Stands wherever a file can hide something."""
SCRIPT = b"<html><script>alert('Bandersnatch')</script></html>"


@dataclass(frozen=True)
class Bytes:
    """A file that has arrived."""

    data: bytes
    name: str = "a.bin"

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return len(self.data)

    @property
    def head(self) -> bytes:
        """Its first bytes."""
        return self.data[:HEAD]

    def pieces(self) -> Iterator[bytes]:
        """Its content, piece by piece."""
        for start in range(0, len(self.data), PART):
            yield self.data[start : start + PART]


def add(site: Site, report_id: UUID, data: bytes, name: str = "a.bin") -> int:
    """Add a file as a person does; its number."""
    return add_file(
        site.database, report_id, Bytes(data, name), keyring=site.keyring, now=site.now()
    )


def jpeg(size: tuple[int, int] = (64, 48), *, turned: int = 1, colour: int = 200) -> bytes:
    """A picture with a place, a comment and a thumbnail's worth of secrets in it."""
    facts = Image.Exif()
    facts[0x010E] = PLACE.decode()
    facts[0x0112] = turned
    facts.get_ifd(0x8825)[1] = "N"
    made = BytesIO()
    picture = Image.new("RGB", size, (colour, 30, 30))
    picture.save(made, "JPEG", exif=facts, comment=PLACE, icc_profile=b"ICC" + PLACE)
    return made.getvalue()


def picture(kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    """A plain picture of a kind that Pillow writes."""
    made = BytesIO()
    Image.new(mode, size).save(made, kind)
    return made.getvalue()


def png_chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    whole = name + data
    return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))


def png(width: int, height: int, *chunks: bytes, pixels: bytes = b"") -> bytes:
    """A PNG that claims any size, with any chunks before its pixels."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = b"".join(chunks) + png_chunk(b"IDAT", zlib.compress(pixels))
    return b"\x89PNG\r\n\x1a\n" + head + body + png_chunk(b"IEND", b"")


def pdf(**options: object) -> bytes:
    """A PDF with every kind of thing that acts, is attached, or tells of its maker."""
    made = pikepdf.Pdf.new()
    page = made.add_blank_page(page_size=(200, 200))
    acts = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('Bandersnatch')")
    )
    made.Root.OpenAction = acts
    made.Root.AA = pikepdf.Dictionary(WC=acts)
    page.obj.AA = pikepdf.Dictionary(O=acts)
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    page.obj.Annots = made.make_indirect(
        pikepdf.Array(
            [
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch
                )
            ]
        )
    )
    inside = pikepdf.Stream(made, jpeg())
    for key, value in {
        "Type": "/XObject", "Subtype": "/Image", "ColorSpace": "/DeviceRGB", "Filter": "/DCTDecode"
    }.items():  # fmt: skip
        inside[f"/{key}"] = pikepdf.Name(value)
    inside.Width, inside.Height, inside.BitsPerComponent = 64, 48, 8
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=inside))
    page.obj.Contents = pikepdf.Stream(made, b"q 64 0 0 48 0 0 cm /Im0 Do Q")
    made.attachments["x.exe"] = b"MZ Bandersnatch"
    with made.open_metadata() as facts:
        facts["dc:title"] = PLACE.decode()
    made.docinfo["/Author"] = PLACE.decode()
    out = BytesIO()
    made.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def packed(**files: bytes) -> bytes:
    """A ZIP of these files; the names have their dots as `_`."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return made.getvalue()


def office() -> bytes:
    """A document with macros, as far as anybody can tell from outside."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/vbaProject.bin", b"macro")
    return made.getvalue()


def _box(brand: bytes) -> bytes:
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"isom" + brand


_FRAME = b"\xff\xfb\x90\x00" + bytes(413)

HONEST: dict[str, bytes] = {
    "jpeg": jpeg(),
    "png": picture("PNG"),
    "gif": picture("GIF"),
    "webp": picture("WEBP"),
    "heic": _box(b"heic") + bytes(64),
    "pdf": pdf(),
    "mp3": _FRAME * 3,
    "m4a": _box(b"M4A ") + bytes(64),
    "wav": b"RIFF\x2c\x00\x00\x00WAVEfmt " + bytes(40),
    "ogg": b"OggS\x00\x02" + bytes(60),
    "amr": b"#!AMR\n" + bytes(40),
    "mp4": _box(b"isom") + bytes(64),
    "mov": _box(b"qt  ") + bytes(64),
    "3gp": _box(b"3gp4") + bytes(64),
    "webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(64),
    "text": "\u200e[12/03/2024, 10:11:12] Ada: <Media omitted>\n😀 Ünïcode\n".encode(),
}
"""One file of each kind that is taken."""
