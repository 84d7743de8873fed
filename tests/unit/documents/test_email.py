from email.message import EmailMessage

import pytest

from tadarag.documents.email import parse_email
from tadarag.documents.parsing import parse
from tadarag.errors import DocumentError
from tadarag.testing.sample_files import mail


def test_headers_stand_in_text_and_fields_and_the_quoted_reply_stays():
    document, _ = parse_email("a.eml", bytes(mail("Fähre 渡轮")))
    assert document.text == (
        "From: Ann Bell <ann@example.org>\nTo: bo@example.org\nDate: Tue, 12 Mar 2024 23:30:00 -0500\nSubject: Fähre 渡轮\n\n"
        "The fare rises to 35 korla.\n\n> What is the fare?"
    )
    assert dict(document.fields)["Subject"] == document.title == "Fähre 渡轮"


def test_the_date_is_the_senders_day():
    assert parse_email("a.eml", bytes(mail()))[0].date == "2024-03-12"


def test_a_body_of_html_becomes_text_with_headings():
    message = EmailMessage()
    message["Subject"] = "Fares"
    message.set_content("<h1>New fares</h1><p>It is <b>35</b> korla.</p>", subtype="html")
    document, _ = parse_email("a.eml", bytes(message))
    assert document.text.endswith("New fares\n\nIt is 35 korla.")
    assert [heading.span.of(document.text) for heading in document.headings] == ["New fares"]


def test_attachments_follow_the_mail_under_their_names():
    inner = mail("Inner", attach=(("b.txt", b"Deep text."),))
    outer = mail(
        "Outer", attach=(("a.csv", b"id,text\n7,Row.\n"), ("a.csv", b"id,text\n7,Other.\n"), ("x/../y.txt", b"Safe.")), forwarded=inner
    )
    parts = parse("m.eml", bytes(outer))
    assert [part.part for part in parts] == ["", "a.csv/7", "a.csv~2/7", "x_.._y.txt", "attachment-4.eml", "attachment-4.eml/b.txt"]
    assert parts[-1].document.text == "Deep text."


def test_an_attachment_that_cannot_be_read_is_named_in_the_mails_fields():
    (part,) = parse("m.eml", bytes(mail(attach=(("photo.png", b"\x89PNG\r\n\x1a\n"),))))
    assert part.document.fields[-1] == ("Attachment not read", "photo.png: .png files are not read")


def test_mails_nested_without_end_are_cut():
    message = mail("0", attach=(("deepest.txt", b"Too deep."),))
    for depth in range(1, 9):
        message = mail(str(depth), forwarded=message)
    parts = parse("m.eml", bytes(message))
    assert len(parts) == 6
    assert "nested more than 5 mails deep" in parts[-1].document.fields[-1][1]


def test_a_malformed_header_is_kept_as_it_stands():
    document, _ = parse_email("a.eml", b"From: <<<@@>\nDate: yesterday\nSubject: =?bad?q?x\n\nbody\n")
    assert document.text.endswith("\n\nbody")
    assert document.date == ""


def test_text_without_headers_is_no_mail():
    with pytest.raises(DocumentError, match="no e-mail message"):
        parse_email("a.eml", b"just words\n")
