"""Drawing a picture anew, so that nothing of its file is left but what can be seen.

It runs in a process of its own (`child`): decoders have had faults, and this is hostile content.
"""

from io import BytesIO

from PIL import Image, ImageOps

MOST_PIXELS = 120_000_000
"""Width times height that is decoded at most: no telephone's ordinary picture is larger."""
LONGEST_SIDE = 4096
"""Pixels of the longer side of a copy. The original keeps every one of its own."""
_QUALITY = 90
_SEE_THROUGH = ("RGBA", "LA", "PA")
_FORMATS = {"jpeg": ("JPEG",), "png": ("PNG",), "gif": ("GIF",), "webp": ("WEBP",)}


class CannotShow(Exception):
    """No copy can be made of this file."""


def draw_anew(original: bytes, kind: str) -> tuple[str, bytes]:
    """The kind of the copy, "jpeg" or "png", and the copy: pixels alone, the right way up.

    Of a picture that moves it is the first. Raises CannotShow, and whatever a decoder raises.
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit follows, before anything is decoded
    with Image.open(BytesIO(original), formats=_FORMATS[kind]) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise CannotShow("too many pixels")
        # A JPEG can be decoded smaller at once, which needs less memory.
        picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        pixels = _plain(upright if upright is not None else picture)
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return _save(pixels, kind)


def _plain(picture: Image.Image) -> Image.Image:
    """The pixels in a picture that knows nothing else: no palette, profile, comment or place."""
    clear = picture.mode in _SEE_THROUGH or "transparency" in picture.info
    mode = "RGBA" if clear else "L" if picture.mode in ("1", "L") else "RGB"
    converted = picture if picture.mode == mode else picture.convert(mode)
    plain = Image.new(mode, converted.size)
    plain.paste(converted)
    return plain


def _save(pixels: Image.Image, kind: str) -> tuple[str, bytes]:
    made = BytesIO()
    if pixels.mode == "RGBA" or kind in ("png", "gif"):
        pixels.save(made, "PNG")
        return "png", made.getvalue()
    pixels.save(made, "JPEG", quality=_QUALITY)
    return "jpeg", made.getvalue()
