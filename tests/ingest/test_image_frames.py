"""Picture files to pictures of pages, before anything is read."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from gongwen.errors import SourceError
from ingest.readers.image_frames import Frames


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def half(mode: str = "RGB", size: tuple[int, int] = (400, 200)) -> Image.Image:
    """White, the left half black."""
    image = Image.new(mode, size, "white")
    image.paste("black", (0, 0, size[0] // 2, size[1]))
    return image


def picture(data: bytes) -> np.ndarray:
    return Frames(data)._picture(0)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_forms(form, mode):
    found = picture(saved(half(mode), form))
    assert found.shape == (200, 400, 3) and found[100, 50].max() < 20 and found[100, 350].min() > 235


def test_a_photo_is_turned_as_its_camera_says():
    exif = Image.Exif()
    exif[0x0112] = 6  # the right side of the picture is its foot
    frames = Frames(saved(half(), "JPEG", exif=exif))
    found = frames._picture(0)
    assert found.shape == (400, 200, 3) and found[50, 100].max() < 20 and found[350, 100].min() > 235
    (page,) = frames.pages()
    assert page.height == pytest.approx(2 * page.width)


def test_what_is_clear_is_paper():
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 20, 40))
    found = picture(saved(image, "PNG"))
    assert found[20, 5].max() == 0 and found[20, 35].min() == 255


@pytest.mark.parametrize(("dpi", "long"), [((200, 200), 842), ((72, 72), 842), ((0, 0), 842), ((300, 300), 561)])
def test_size_on_paper(dpi, long):
    """As the scanner says, but no sheet is as large as 72 dpi would make this one."""
    (page,) = Frames(saved(half(size=(1654, 2339)), "PNG", dpi=dpi)).pages()
    assert page.height == pytest.approx(long, abs=1)


@pytest.mark.parametrize(
    ("size", "smaller"), [((4960, 7016), (1700, 2405)), ((1000, 1400), (1000, 1400)), ((1000, 9000), (1000, 9000))]
)
def test_no_larger_than_ocr_can_use(size, smaller):
    found = picture(saved(Image.new("1", size, 1), "PNG"))
    assert found.shape[:2] == (smaller[1], smaller[0])


@pytest.mark.filterwarnings("ignore")  # Pillow warns before it raises
def test_frames_of_a_damaged_tiff():
    data = saved(half(), "TIFF", save_all=True, append_images=[half()])
    assert len(list(Frames(data).pages())) == 2
    with pytest.raises(SourceError) as caught:
        frames = Frames(data[: len(data) // 2])
        frames._picture(0), frames._picture(1)
    assert caught.value.code == "parse_error"
