"""An address as a QR code (ISO/IEC 18004), for a page or a poster."""

from __future__ import annotations

from io import BytesIO

import segno

SCALE = 4
QUIET_ZONE = 4


def svg(address: str) -> bytes:
    """The code as an SVG file: black on white whatever is around it, with the quiet zone the standard asks for."""
    stream = BytesIO()
    code = segno.make_qr(address, error="m")
    code.save(stream, kind="svg", scale=SCALE, border=QUIET_ZONE, dark="#000", light="#fff", xmldecl=True)
    return stream.getvalue()
