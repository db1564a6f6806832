"""Promises about pictures: the copy shows what can be seen, and holds nothing else."""

from io import BytesIO

import pytest
from PIL import Image

from portal.evidence.picture import LONGEST_SIDE, MOST_PIXELS, CannotShow, draw_anew
from tests.rig.uploads import HONEST, PLACE, SCRIPT, jpeg, packed, picture, png, png_chunk


def opened(copy: bytes) -> Image.Image:
    return Image.open(BytesIO(copy))


def test_the_place_the_comment_and_the_profile_are_gone() -> None:
    assert jpeg().count(PLACE) == 3
    kind, copy = draw_anew(jpeg(), "jpeg")
    assert kind == "jpeg"
    assert PLACE not in copy
    assert not opened(copy).getexif()
    assert set(opened(copy).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_picture_taken_sideways_stands_upright_in_the_copy() -> None:
    assert opened(draw_anew(jpeg((64, 48), turned=6), "jpeg")[1]).size == (48, 64)
    assert opened(draw_anew(jpeg((64, 48), turned=1), "jpeg")[1]).size == (64, 48)


@pytest.mark.parametrize(
    "hidden", [SCRIPT, packed(x_class=b"Bandersnatch"), b"%PDF-1.4 Bandersnatch"]
)
@pytest.mark.parametrize("name", ["jpeg", "png", "gif", "webp"])
def test_what_else_a_picture_is_at_the_same_time_is_gone(name: str, hidden: bytes) -> None:
    _kind, copy = draw_anew(HONEST[name] + hidden, name)
    assert b"Bandersnatch" not in copy
    assert b"PK\x03\x04" not in copy
    assert opened(copy).size == opened(HONEST[name]).size


def test_a_note_inside_a_png_is_gone() -> None:
    original = png(2, 2, png_chunk(b"tEXt", b"Place\x00" + PLACE), pixels=bytes(6))
    assert PLACE not in draw_anew(original, "png")[1]


def test_colours_stay_as_they_were_seen() -> None:
    red = opened(draw_anew(jpeg((16, 16)), "jpeg")[1]).convert("RGB").getpixel((8, 8))
    assert isinstance(red, tuple)
    assert abs(red[0] - 200) < 6
    clear = opened(draw_anew(picture("PNG", mode="RGBA"), "png")[1])
    assert clear.mode == "RGBA"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_every_mode_is_drawn(mode: str) -> None:
    kind, copy = draw_anew(picture("PNG", mode=mode), "png")
    assert kind == "png"
    assert opened(copy).size == (40, 30)


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
def test_a_jpeg_of_every_mode_is_drawn(mode: str) -> None:
    assert draw_anew(picture("JPEG", mode=mode), "jpeg")[0] == "jpeg"


def test_a_very_large_picture_is_shown_smaller() -> None:
    _kind, copy = draw_anew(picture("JPEG", (6000, 1500), "L"), "jpeg")
    assert opened(copy).size == (LONGEST_SIDE, 1024)


def test_a_picture_that_claims_countless_pixels_is_not_decoded() -> None:
    for width, height in ((30_000, 30_000), (2**31 - 1, 1), (MOST_PIXELS + 1, 1)):
        with pytest.raises((CannotShow, ValueError)):
            draw_anew(png(width, height), "png")


@pytest.mark.parametrize("name", ["jpeg", "png", "webp"])
def test_a_picture_that_was_cut_short_is_not_guessed_at(name: str) -> None:
    whole = picture(name.upper(), (300, 300))
    with pytest.raises((OSError, SyntaxError, ValueError)):
        draw_anew(whole[: len(whole) // 2], name)


def test_another_format_behind_the_first_bytes_is_not_tried() -> None:
    with pytest.raises(OSError, match="cannot identify"):
        draw_anew(HONEST["png"], "jpeg")
