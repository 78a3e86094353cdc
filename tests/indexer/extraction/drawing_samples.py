"""Documents to draw, honest ones and such as are made to hurt."""

from __future__ import annotations

import hashlib
import subprocess
import zlib
from io import BytesIO
from pathlib import Path

import typst
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from indexer.extraction.page_images import PDF, FilePage, Original

# Each page of `colour_book` is filled with its own colour, as far apart as JPEG can tell.
COLOUR_STEP = 20
_SELF_DRAWING = (
    "5 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 200 300]/Resources<</XObject<</X 5 0 R>>>>/Length 14>>stream\n"
    "/X Do /X Do   \nendstream endobj"
)
_FINE_PATTERN = (
    "5 0 obj<</Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.0001/YStep 0.0001"
    "/Resources<<>>/Length 13>>stream\n0 0 1 1 re f \nendstream endobj"
)


def page(path: Path, number: int = 1, *, media_type: str = PDF) -> FilePage:
    return FilePage(original=original(path, media_type=media_type), number=number)


def original(path: Path, *, media_type: str = PDF) -> Original:
    return Original(path=path, media_type=media_type, digest=hashlib.sha256(path.read_bytes()).hexdigest())


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(BytesIO(jpeg), formats=("JPEG",)).convert("RGB")


def textbook(path: Path, pages: int = 3, *, paper: str = "a4") -> Path:
    layout = f"""
    #set page(paper: "{paper}")
    #for number in range({pages}) [= Bob #(number + 1)
      #lorem(120) #pagebreak(weak: true)]
    """
    path.write_bytes(typst.compile(layout.encode(), format="pdf"))
    return path


def colour_of(number: int) -> tuple[int, int, int]:
    number -= 1
    return (
        55 + number % 5 * COLOUR_STEP * 2,
        55 + number // 5 % 5 * COLOUR_STEP * 2,
        55 + number // 25 * COLOUR_STEP * 2,
    )


def colour_book(path: Path, pages: int) -> Path:
    sides = "\n".join(
        f"#page(fill: rgb({red}, {green}, {blue}))[]" for red, green, blue in map(colour_of, range(1, pages + 1))
    )
    path.write_bytes(typst.compile(f"#set page(width: 200pt, height: 300pt)\n{sides}".encode(), format="pdf"))
    return path


def djvu_book(path: Path) -> Path:
    """Two pages: a photograph of 300 x 400 dots, all of one red, and a black and white one of 800 x 600."""
    directory = path.parent
    Image.new("RGB", (300, 400), (200, 40, 40)).save(directory / "photograph.ppm")
    Image.new("1", (800, 600), 1).save(directory / "drawing.pbm")
    for command in (
        ["c44", "-dpi", "100", "photograph.ppm", "photograph.djvu"],
        ["cjb2", "-dpi", "100", "drawing.pbm", "drawing.djvu"],
        ["djvm", "-c", path.name, "photograph.djvu", "drawing.djvu"],
    ):
        subprocess.run(command, cwd=directory, check=True, capture_output=True)
    return path


def locked(path: Path, plain: Path, *, user: str, owner: str) -> Path:
    writer = PdfWriter(clone_from=PdfReader(plain))
    writer.encrypt(user, owner, algorithm="AES-256")
    writer.write(path)
    return path


def written_by_hand(
    path: Path, content: bytes = b"", *, box: str = "0 0 200 300", kids: str = "3 0 R", count: int = 1, extra: str = ""
) -> Path:
    """A PDF of one page; `content` is its stream, packed with Flate; `extra` are objects from number 5 on."""
    packed = zlib.compress(content)
    objects = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
        f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {count}>>endobj".encode(),
        (
            f"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R"
            "/Resources<</XObject<</X 5 0 R>>/Pattern<</P 5 0 R>>>>>>endobj"
        ).encode(),
        b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream endobj" % (len(packed), packed),
    ]
    file = b"%PDF-1.7\n"
    places = []
    for text in objects:
        places.append(len(file))
        file += text + b"\n"
    if extra:
        places.append(len(file))
        file += extra.encode("latin-1") + b"\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(places) + 1,
        table,
        len(places) + 1,
        len(file),
    )
    path.write_bytes(file)
    return path


def form(path: Path, typed: str) -> Path:
    """A page with one field of a form, into which this was typed."""
    text = {
        NameObject("/Helv"): DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
    }
    writer = PdfWriter()
    page = writer.add_blank_page(200, 300)
    field = writer._add_object(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/FT"): NameObject("/Tx"),
                NameObject("/T"): TextStringObject("name"),
                NameObject("/V"): TextStringObject(typed),
                NameObject("/DA"): TextStringObject("/Helv 24 Tf 0 g"),
                NameObject("/F"): NumberObject(4),
                NameObject("/Rect"): ArrayObject(map(NumberObject, (10, 100, 190, 140))),
            }
        )
    )
    page[NameObject("/Annots")] = ArrayObject([field])
    writer._root_object[NameObject("/AcroForm")] = DictionaryObject(
        {
            NameObject("/Fields"): ArrayObject([field]),
            NameObject("/DR"): DictionaryObject({NameObject("/Font"): DictionaryObject(text)}),
            NameObject("/NeedAppearances"): BooleanObject(True),
        }
    )
    writer.write(path)
    return path


def many_curves(path: Path) -> Path:
    """A small file whose page holds three million curves."""
    return written_by_hand(path, b"0 0 m 200 0 0 300 200 300 c 0 300 200 0 0 0 c S\n" * 1_500_000)


def endless_work(path: Path) -> Path:
    """A page that would take hours to draw: a pattern whose tiles are far smaller than a dot."""
    return written_by_hand(path, b"/Pattern cs /P scn 0 0 200 300 re f", extra=_FINE_PATTERN)


def self_drawing(path: Path) -> Path:
    """A page with a form that draws itself, twice."""
    return written_by_hand(path, b"/X Do", extra=_SELF_DRAWING)


def image_bomb(path: Path) -> Path:
    """A picture of 40,000 by 40,000 dots in a few kilobytes."""
    side = 40_000
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(side // 8 * 100)) for _ in range(side // 100)) + packer.flush()
    packer = zlib.compressobj(9)
    data = packer.compress(data) + packer.flush()
    head = (
        f"5 0 obj<</Type/XObject/Subtype/Image/Width {side}/Height {side}/BitsPerComponent 1/ColorSpace/DeviceGray"
        f"/Filter[/FlateDecode/FlateDecode]/Length {len(data)}>>stream\n"
    )
    return written_by_hand(
        path, b"200 0 0 300 0 0 cm /X Do", extra=head + data.decode("latin-1") + "\nendstream endobj"
    )


def stream_bomb(path: Path) -> Path:
    """A page whose stream unpacks to 450 megabytes of blanks."""
    packer = zlib.compressobj(9)
    blanks = b" " * (1 << 20)
    data = zlib.compress(b"".join(packer.compress(blanks) for _ in range(450)) + packer.flush(), 9)
    path.write_bytes(
        written_by_hand(path)
        .read_bytes()
        .replace(
            b"4 0 obj<</Filter/FlateDecode/Length 8>>stream\n" + zlib.compress(b""),
            b"4 0 obj<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%b" % (len(data), data),
        )
    )
    return path
