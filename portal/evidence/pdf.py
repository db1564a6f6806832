"""A PDF with nothing left that acts, is attached, or tells of whoever made it.

What is filled into forms or written as notes is drawn into the pages first. Then the pages go into
a new document, of which only named parts are taken. It runs in a process of its own (`child`).
"""

import zlib
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

MOST_PAGES = 2000
MOST_UNPACKED = 400_000_000
"""Bytes that all packed parts of a document may unpack to."""
_STEP = 1 << 20
_OF_A_PAGE = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Resources", "/Group")
# Whatever acts, leads out of the file, or tells who made it when, wherever it stands.
_NEVER = (
    *(
        "/AA",
        "/OpenAction",
        "/JS",
        "/JavaScript",
        "/Launch",
        "/URI",
        "/AF",
        "/EmbeddedFiles",
        "/EF",
    ),
    *("/Metadata", "/PieceInfo", "/LastModified", "/Info", "/OPI", "/Ref", "/XFA", "/RichMedia"),
    *("/FFilter", "/FDecodeParms", "/Alternates", "/SeparationInfo", "/Thumb"),
)
_KEPT_SEGMENTS = frozenset({0xE0, 0xEE})  # JFIF, and Adobe's, which says how colours are meant


class Locked(Exception):
    """It opens only with a password."""


def take_pages(original: bytes) -> bytes:
    """The new document. Raises Locked, ValueError, and whatever the library raises when broken."""
    try:
        with pikepdf.open(BytesIO(original)) as source:
            return _rebuild(source)
    except pikepdf.PasswordError as error:
        raise Locked from error


def _rebuild(source: Pdf) -> bytes:
    if len(source.pages) > MOST_PAGES:
        raise ValueError("too many pages")
    _check_unpacked(source)
    form = source.Root.get("/AcroForm")
    if isinstance(form, Dictionary) and bool(form.get("/NeedAppearances")):
        # What was typed is not drawn yet. Where it is, drawing it again could lose some of it.
        source.generate_appearance_streams()
    source.flatten_annotations("all")
    made = Pdf.new()
    for page in source.pages:
        wanted = {key: page.obj[key] for key in _OF_A_PAGE if key in page.obj}
        # What stands above a page for all of them would be lost otherwise.
        for key in ("/MediaBox", "/CropBox", "/Rotate", "/Resources"):
            if key not in wanted and (above := _inherited(page.obj, key)) is not None:
                wanted[key] = above
        bare = source.make_indirect(Dictionary({"/Type": Name.Page} | wanted))
        made.pages.append(pikepdf.Page(bare))
    for each in made.objects:
        _strip(each)
    kept = BytesIO()
    made.save(kept, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    return kept.getvalue()


def _inherited(page: Object, key: str) -> Object | None:
    node = page.get("/Parent")
    for _ in range(32):
        if node is None:
            return None
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None


def _strip(each: Object, depth: int = 0) -> None:
    """Take out of an object, and of what stands inside it, whatever `_NEVER` names."""
    if depth > 50:
        raise ValueError("too deep")
    if isinstance(each, Stream | Dictionary):
        for key in _NEVER:
            if key in each:
                del each[key]
        if isinstance(each, Stream):
            if "/F" in each:
                del each["/F"]
            _strip_picture(each)
        inside = [each[key] for key in list(each.keys()) if key != "/Parent"]
    elif isinstance(each, Array):
        inside = list(each)
    else:
        return
    for one in inside:
        if isinstance(one, Object) and not one.is_indirect:
            _strip(one, depth + 1)


def _strip_picture(stream: Object) -> None:
    if stream.get("/Filter") not in (Name.DCTDecode, Array([Name.DCTDecode])):
        return
    raw = stream.read_raw_bytes()
    options = stream.get("/DecodeParms")
    parameters = options if isinstance(options, Dictionary) else None
    stream.write(without_notes(raw), filter=Name.DCTDecode, decode_parms=parameters)


def without_notes(jpeg: bytes) -> bytes:
    """A JPEG without what cameras write beside the picture: place, time, device, comments.

    What does not look like a JPEG comes back as it is.
    """
    if not jpeg.startswith(b"\xff\xd8"):
        return jpeg
    kept, at = bytearray(jpeg[:2]), 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big") + 2
        if marker == 0xDA:
            break
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in _KEPT_SEGMENTS:
            kept += jpeg[at : at + length]
        at += length
    end = jpeg.rfind(b"\xff\xd9")
    return bytes(kept + jpeg[at : end + 2 if end > at else len(jpeg)])


def _check_unpacked(source: Pdf) -> None:
    """Raises ValueError when packed parts unpack to more than anybody's reader should be given."""
    left = MOST_UNPACKED
    for each in source.objects:
        if isinstance(each, Stream) and "/FlateDecode" in str(each.get("/Filter", "")):
            left -= _unpacked(each.read_raw_bytes(), left)
            if left <= 0:
                raise ValueError("it unpacks to too much")


def _unpacked(packed: bytes, most: int) -> int:
    count, machine = 0, zlib.decompressobj()
    try:
        while packed and count < most:
            count += len(machine.decompress(packed, _STEP))
            packed = machine.unconsumed_tail
    except zlib.error:
        pass  # a broken part shows as far as it goes
    return count
