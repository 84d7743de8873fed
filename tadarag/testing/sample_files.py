"""Files of the binary formats, made in memory for tests (PDFs need reportlab)."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

PROSE = "The ferry left the harbour at noon and it was crowded with people from the island. " * 3


def pdf(*pages: list[tuple[str, float]], header: str = "", footer: str = "", password: str = "") -> bytes:
    """A PDF whose pages are lines of (text, font size), top down; footer may hold {page}."""
    from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped]
    from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=StandardEncryption(password) if password else None, invariant=1)
    for number, lines in enumerate(pages, start=1):
        height = 760.0
        if header:
            canvas.setFont("Helvetica", 8)
            canvas.drawString(72, 810, header)
        for text, size in lines:
            canvas.setFont("Helvetica", size)
            canvas.drawString(72, height, text)
            height -= 1.2 * size if text else size
        if footer:
            canvas.setFont("Helvetica", 8)
            canvas.drawString(280, 30, footer.format(page=number))
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def scanned_pdf() -> bytes:
    """A page that is one picture."""
    from PIL import Image
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.drawInlineImage(Image.new("RGB", (20, 20), "gray"), 0, 0, 400, 600)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def docx() -> bytes:
    """A report with a title, headings, a list and a table."""
    import docx as word

    document = word.Document()
    document.add_heading("The Ferry Report", 0)
    document.add_paragraph("Tarnwick, 3 May 2021")
    document.add_heading("Passengers", 1)
    document.add_paragraph(PROSE)
    document.add_paragraph("islanders", style="List Bullet")
    document.add_paragraph("visitors", style="List Bullet")
    table = document.add_table(2, 2)
    for row, cells in enumerate([["Line", "Fare"], ["North", "12"]]):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document.add_paragraph("After the table.")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def zip_bomb() -> bytes:
    """A small archive that claims to be a Word document and unpacks to 64 MB of nothing."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (64 * 2**20))
    return stream.getvalue()


def mail(
    subject: str = "Ferry fares", *, attach: tuple[tuple[str, bytes], ...] = (), forwarded: EmailMessage | None = None
) -> EmailMessage:
    """A message with attachments, and with another message inside."""
    message = EmailMessage()
    message["From"] = "Ann Bell <ann@example.org>"
    message["To"] = "bo@example.org"
    message["Date"] = "Tue, 12 Mar 2024 23:30:00 -0500"
    message["Subject"] = subject
    message.set_content("The fare rises to 35 korla.\n\n> What is the fare?\n")
    for name, data in attach:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    if forwarded is not None:
        message.add_attachment(forwarded)
    return message
