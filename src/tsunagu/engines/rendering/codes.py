"""Codes that a telephone reads."""


def qr_code(text: str) -> str:
    """A QR code (error correction M) as SVG."""
    import zxingcpp

    # The outline of squares only: the typesetter needs neither the declaration nor the document type.
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_svg()
    return str(made[made.index("<svg") :])
