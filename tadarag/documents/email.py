"""E-mail: headers, body and attachments of a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from tadarag.documents.building import collapse
from tadarag.documents.dates import parse_date
from tadarag.documents.html import html_to_document
from tadarag.documents.language import detect_language
from tadarag.documents.text import decode, normalise, one_line
from tadarag.errors import DocumentError
from tadarag.values import Document, Heading, Span

MAX_ATTACHMENTS = 200
MAX_MAIL_BYTES = 128 * 2**20
_SHOWN = ("From", "To", "Cc", "Date", "Subject")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file inside a message; a forwarded message has a name that ends in .eml."""

    name: str
    data: bytes


def parse_email(name: str, data: bytes) -> tuple[Document, tuple[Attachment, ...]]:
    """The message and its attachments, not yet parsed. The text is the headers that people read, a blank line, and the body.

    Raises DocumentError for what is no message, too large, or has too many attachments.
    """
    if len(data) > MAX_MAIL_BYTES:
        raise DocumentError(
            f"{one_line(name)} is {len(data) // 2**20} MB; mail is read up to {MAX_MAIL_BYTES // 2**20} MB", "save its attachments as files"
        )
    message = BytesParser(policy=policy.default).parsebytes(data)
    headers = tuple((header, value) for header in _SHOWN if (value := _header(message, header)))
    if not headers:
        raise DocumentError(
            f"{one_line(name)} is no e-mail message: it has no From, To, Date or Subject", "give it the suffix of its real format"
        )
    attachments = tuple(_attachments(message))
    if len(attachments) > MAX_ATTACHMENTS:
        raise DocumentError(f"{one_line(name)} has more than {MAX_ATTACHMENTS} attachments", "save the attachments as files")
    body, body_headings = _body(name, message)
    head = "\n".join(f"{header}: {value}" for header, value in headers)
    offset = len(head) + 2
    subject = dict(headers).get("Subject", "")
    names = tuple(("Attachment", attachment.name) for attachment in attachments)
    document = Document(
        text=head + ("\n\n" + body if body else ""),
        title=subject,
        media_type="message/rfc822",
        language=detect_language(f"{subject} {body}"),
        headings=tuple(
            Heading(span=Span(heading.span.start + offset, heading.span.end + offset), level=heading.level, title=heading.title)
            for heading in body_headings
        ),
        blocks=(Span(0, len(head)),),
        date=_date(message),
        fields=headers + names,
    )
    return document, attachments


def _header(message: Message, header: str) -> str:
    """A header on one line, decoded; a malformed one as it stands."""
    try:
        value = message.get(header)
    except (ValueError, IndexError, AttributeError, TypeError):  # the header parser of the standard library trips over hostile input
        value = next((str(raw) for key, raw in message.raw_items() if key.lower() == header.lower()), "")
    return collapse(str(value or "")).replace("\n", " ")


def _date(message: Message) -> str:
    """The day the message was sent, in the sender's own time zone."""
    stated = _header(message, "Date")
    try:
        sent: datetime = parsedate_to_datetime(stated)
    except (ValueError, TypeError, IndexError):
        return parse_date(stated)
    return sent.date().isoformat()


def _body(name: str, message: EmailMessage) -> tuple[str, tuple[Heading, ...]]:
    """The plain text of the message where there is one, else its HTML as text; quoted replies stay."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return "", ()
    text = _text_of(name, part)
    if part.get_content_type() == "text/html":
        page = html_to_document(name, text)
        return page.text, page.headings
    return text.strip("\n"), ()


def _text_of(name: str, part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    return normalise(decode(name, raw, declared=part.get_content_charset("") or ""))


def _attachments(message: EmailMessage) -> list[Attachment]:
    found = []
    for number, part in enumerate(message.iter_attachments(), start=1):
        kind = part.get_content_type()
        name = collapse(part.get_filename() or "").replace("\n", " ").replace("/", "_").replace("\\", "_")
        if kind == "message/rfc822":
            inner = part.get_payload(0) if part.is_multipart() else None
            data = inner.as_bytes() if isinstance(inner, Message) else b""
            name = name or f"attachment-{number}.eml"
            name = name if name.lower().endswith(".eml") else f"{name}.eml"
        else:
            payload = part.get_payload(decode=True)
            data = payload if isinstance(payload, bytes) else b""
            name = name or f"attachment-{number}{_SUFFIX_OF.get(kind, '')}"
        found.append(Attachment(name=name, data=data))
    return found


_SUFFIX_OF = {"text/plain": ".txt", "text/html": ".html", "text/csv": ".csv", "application/pdf": ".pdf", "application/json": ".json"}
