"""Promises about PDFs: the copy shows the pages; nothing in it acts, is attached, or tells."""

import zlib
from io import BytesIO

import pikepdf
import pytest

from portal.evidence.pdf import MOST_PAGES, Locked, take_pages, without_notes
from tests.rig.uploads import PLACE, SCRIPT, jpeg, packed, pdf


def unpacked(data: bytes) -> bytes:
    """A PDF with everything in it unpacked, to look into."""
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as opened:
        opened.save(
            out,
            qdf=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def bomb(length: int) -> bytes:
    """A PDF with one page whose content unpacks to so many bytes."""
    made = pikepdf.Pdf.new()
    machine = zlib.compressobj(9)
    packed_ = b"".join(machine.compress(bytes(10**6)) for _ in range(length // 10**6))
    stream = pikepdf.Stream(made, b"")
    stream.write(packed_ + machine.flush(), filter=pikepdf.Name.FlateDecode)
    made.add_blank_page().obj.Contents = stream
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def test_nothing_of_what_acts_or_tells_is_left() -> None:
    before, after = unpacked(pdf()), unpacked(take_pages(pdf()))
    for word in (
        *(b"/JavaScript", b"/OpenAction", b"/AA", b"/Launch", b"/EmbeddedFiles", b"/Annots"),
        *(b"Bandersnatch", PLACE, b"cmd.exe", b"/Metadata", b"/Author", b"/Names"),
    ):
        assert word in before, word
        assert word not in after, word


def test_the_pages_are_all_there_with_their_pictures() -> None:
    with pikepdf.open(BytesIO(take_pages(pdf()))) as opened:
        assert len(opened.pages) == 1
        assert opened.pages[0].obj.Contents.read_bytes().startswith(b"q 64 0 0 48")
        image = opened.pages[0].obj.Resources.XObject.Im0
        assert image.read_raw_bytes().startswith(b"\xff\xd8")
        assert set(opened.Root.keys()) == {"/Type", "/Pages"}
        assert "/Info" not in opened.trailer


def test_what_was_filled_into_a_form_is_still_to_be_read() -> None:
    made = pikepdf.Pdf.new()
    page = made.add_blank_page()
    looks = made.make_stream(b"BT (Kept words) Tj ET")
    looks.Type, looks.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    looks.BBox = pikepdf.Array([0, 0, 90, 20])
    field = made.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T=pikepdf.String("a"),
            V=pikepdf.String("Kept words"),
            Rect=[0, 0, 90, 20],
            F=4,
            AP=pikepdf.Dictionary(N=looks),
            AA=pikepdf.Dictionary(K=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x()")),
        )
    )
    page.obj.Annots = pikepdf.Array([field])
    made.Root.AcroForm = pikepdf.Dictionary(Fields=[field], XFA=pikepdf.String("Bandersnatch"))
    out = BytesIO()
    made.save(out)
    copy = unpacked(take_pages(out.getvalue()))
    assert b"Kept words" in copy
    assert b"JavaScript" not in copy
    assert b"Bandersnatch" not in copy


def test_a_page_keeps_the_size_that_stood_above_all_pages() -> None:
    source = pdf().replace(b"", b"")
    with pikepdf.open(BytesIO(source)) as opened:
        opened.Root.Pages.MediaBox = pikepdf.Array([0, 0, 321, 123])
        del opened.pages[0].obj["/MediaBox"]
        out = BytesIO()
        opened.save(out)
    with pikepdf.open(BytesIO(take_pages(out.getvalue()))) as copy:
        assert [int(side) for side in copy.pages[0].obj.MediaBox] == [0, 0, 321, 123]


@pytest.mark.parametrize("hidden", [SCRIPT, packed(x_class=b"Bandersnatch")])
def test_what_else_a_pdf_is_at_the_same_time_is_gone(hidden: bytes) -> None:
    copy = take_pages(pdf() + hidden)
    assert b"Bandersnatch" not in copy
    assert b"PK\x03\x04" not in copy


def test_one_with_a_password_is_locked() -> None:
    secret = pikepdf.Encryption(user="a", owner="b")
    with pytest.raises(Locked):
        take_pages(pdf(encryption=secret))


def test_one_that_anybody_may_open_but_not_print_is_taken() -> None:
    copy = take_pages(pdf(encryption=pikepdf.Encryption(user="", owner="b")))
    with pikepdf.open(BytesIO(copy)) as opened:
        assert not opened.is_encrypted


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4 <html>", pdf()[:200], b"%PDF-1.4" * 99])
def test_a_broken_one_raises_what_the_process_catches(data: bytes) -> None:
    with pytest.raises((pikepdf.PdfError, ValueError)):
        take_pages(data)


def test_one_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="too much"):
        take_pages(bomb(500_000_000))


def test_one_with_countless_pages_is_refused() -> None:
    made = pikepdf.Pdf.new()
    for _ in range(MOST_PAGES + 1):
        made.add_blank_page()
    out = BytesIO()
    made.save(out)
    with pytest.raises(ValueError, match="too many pages"):
        take_pages(out.getvalue())


def test_a_picture_loses_its_notes_and_none_of_its_pixels() -> None:
    bare = without_notes(jpeg() + SCRIPT)
    assert PLACE not in bare
    assert b"Bandersnatch" not in bare
    assert bare.endswith(jpeg()[-40:])
    assert without_notes(b"no picture") == b"no picture"
    assert without_notes(b"\xff\xd8\xff") == b"\xff\xd8\xff"
