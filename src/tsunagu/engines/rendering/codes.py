"""Codes that a telephone reads."""

import re

SIZE = re.compile(r'width="(\d+)" height="(\d+)"')


def qr_code(text: str) -> str:
    """A QR code (error correction M) as SVG that may be shown in any size."""
    import zxingcpp

    # The outline of squares only: the typesetter needs neither the declaration nor the document type.
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_svg()
    return SIZE.sub(r'width="\1" height="\2" viewBox="0 0 \1 \2"', made[made.index("<svg") :], count=1)
