"""Bytes become normalised text: the encoding is found, line ends and invisible characters are made uniform."""

from __future__ import annotations

import codecs
import re
import unicodedata

from tadarag.errors import DocumentError

MAX_TEXT_BYTES = 256 * 2**20
_SAMPLE_BYTES = 2**18

# C0 and C1 controls other than tab and line feed, soft hyphen, zero-width characters, line separators, lone surrogates, noncharacters.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2028\u2029\u2060\ufeff\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_REMOVED = re.compile("[\x00\u00ad\u200b\u2060\ufeff\ufffe\uffff]")
_BLANKED = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BINARY_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")

_WESTERN = re.compile("[\x09-\x7eÀ-ÖØ-öø-ÿŒœŠšŽžŸ‘’“”–—…•€£§°©®«»·½¼²³µ¿¡]*")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its first two bytes are the UTF-16 mark
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def normalise(text: str) -> str:
    """Text in NFC with LF line ends; soft hyphens, nulls and zero-width spaces removed, other controls blanked. Idempotent."""
    if _UNWANTED.search(text):
        text = _LINE_ENDS.sub("\n", text)
        text = _REMOVED.sub("", text)
        text = _SURROGATES.sub("\ufffd", text)
        text = _BLANKED.sub(" ", text)
    return text if text.isascii() or unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def decode(name: str, data: bytes, *, declared: str = "") -> str:
    """Decode `data` by its byte order mark, the `declared` encoding, UTF-8, UTF-16 without mark, Chinese encodings, or a guess.

    Returns normalised text. Raises DocumentError when the bytes are no text, or more than MAX_TEXT_BYTES.
    """
    if len(data) > MAX_TEXT_BYTES:
        raise DocumentError(
            f"{one_line(name)} is {len(data) // 2**20} MB; text is read up to {MAX_TEXT_BYTES // 2**20} MB", "split it into smaller files"
        )
    text = _decode(data, declared)
    if text is None or _is_binary(text):
        raise DocumentError(f"{one_line(name)} holds binary data, not text", "give it the suffix of its real format, or leave it out")
    return normalise(text)


def one_line(name: str) -> str:
    """A file name as it may stand in a message: control characters and direction marks are shown as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)


def _decode(data: bytes, declared: str) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if declared:
        text = _strictly(data, declared)
        if text is not None:
            return text
    n_nulls = data.count(b"\0", 0, _SAMPLE_BYTES)  # UTF-16 has one for nearly every Latin letter; a stray one may stand in any text
    in_order = (_utf16_without_mark, _utf8) if 5 * n_nulls >= len(data[:_SAMPLE_BYTES]) else (_utf8, _utf16_without_mark)
    for read in in_order:
        text = read(data)
        if text is not None:
            return text
    return _broken_utf8(data) or _legacy(data)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _utf8(data: bytes) -> str | None:
    return _strictly(data, "utf-8")


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 text that has no mark: nearly every unit must be ASCII, common CJK or their punctuation in one byte order."""
    if len(data) < 2 or len(data) % 2:
        return None
    best: tuple[int, str] | None = None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _strictly(data[:_SAMPLE_BYTES], encoding)
        if text is None or "\0" in text:
            continue
        n_plausible = sum(
            1 for c in text if c in "\t\n\r" or " " <= c <= "\u024f" or "\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef"
        )
        n_common = sum(1 for c in text if c <= "\x7f" or c in "，。、；：！？的一是在了有不人")
        if n_plausible >= 0.95 * len(text) and n_common and (best is None or n_common > best[0]):
            best = n_common, encoding
    return None if best is None else data.decode(best[1], errors="replace")


def _broken_utf8(data: bytes) -> str | None:
    """UTF-8 with a few damaged bytes: there must be more sound multi-byte characters than damaged places."""
    text = data.decode("utf-8", errors="replace")
    n_broken = text.count("\ufffd")
    n_sound = sum(1 for c in text[:_SAMPLE_BYTES] if c > "\x7f" and c != "\ufffd")
    return text if n_broken <= n_sound and n_broken <= max(1, len(text) // 20) else None


def _legacy(data: bytes) -> str | None:
    """GB18030 or Big5 by where their common characters stand; any other encoding by charset-normalizer's guess."""
    sample = data[:_SAMPLE_BYTES]
    scores = sorted(((_share(sample, gb=True), "gb18030"), (_share(sample, gb=False), "big5hkscs")), reverse=True)
    for share, encoding in scores:
        if share >= 0.7:
            text = _strictly(data, encoding)
            if text is not None:
                return text
            text = data.decode(encoding, errors="replace")
            if text.count("\ufffd") <= len(text) // 100:
                return text
    western = _strictly(data, "cp1252")
    if western is not None and len(data) >= 4 and _is_western(western[:_SAMPLE_BYTES]):
        return western
    if len(data) < 4:  # too little to guess from
        return None
    import charset_normalizer  # 30 ms to import, and hardly ever needed

    best = charset_normalizer.from_bytes(sample).best()
    if best is None or best.encoding.startswith(("utf_16", "utf_32")):  # these were tried above, with stricter checks
        return None
    return data.decode(best.encoding, errors="replace")


def _is_western(text: str) -> bool:
    """Whether Windows-1252 gives only letters of Western languages, and most of them plain (Cyrillic read so is all accents)."""
    n_accented = sum(1 for c in text if c > "\xbf" and c.isalpha())
    n_letters = sum(1 for c in text if c.isalpha())
    return bool(_WESTERN.fullmatch(text)) and n_accented <= 0.3 * n_letters


def _share(data: bytes, *, gb: bool) -> float:
    """Share of two-byte characters in the frequent part: GB2312 level 1 (rows B0-D7), or Big5 level 1 (A4-C6); punctuation counts too."""
    n_pairs = n_common = 0
    position = 0
    while position < len(data) - 1:
        lead = data[position]
        if lead < 0x81:
            position += 1
            continue
        trail = data[position + 1]
        n_pairs += 1
        if gb:
            n_common += trail >= 0xA1 and (lead in (0xA1, 0xA3) or 0xB0 <= lead <= 0xD7)
        else:
            n_common += (0x40 <= trail <= 0x7E or trail >= 0xA1) and 0xA1 <= lead <= 0xC6
        position += 2
    return n_common / n_pairs if n_pairs else 0.0


def _is_binary(text: str) -> bool:
    sample = text[:_SAMPLE_BYTES]
    return len(_BINARY_CONTROLS.findall(sample)) > max(1, 0.05 * len(sample)) or (bool(sample) and not _BINARY_CONTROLS.sub("", sample))
