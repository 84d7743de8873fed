"""What a model wrote, read as outline and scenarios: tolerant of what models leave out, with an account of every repair."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

MASK = "[MASK]"
_TAG = re.compile(r"<\s*(?P<close>/?)\s*(?P<name>think(?:ing)?|outline|scenario|chunk|core)\s*>", re.IGNORECASE)
_MASK = re.compile(r"\[\s*MASK\s*\]|<\s*MASK\s*>|\{\s*MASK\s*\}|【\s*MASK\s*】", re.IGNORECASE)
_ELLIPSIS = re.compile(r"\s*(?:…+|\.{3,})\s*")
_FENCE = re.compile(r"^\s*```[\w-]*\s*$", re.MULTILINE)
_MARKER = re.compile(
    r"(?P<hash>#{1,6})\s+|[-*•·]\s+|(?P<dotted>\d{1,3}(?:\.\d{1,3})+)\.?\s+|\d{1,3}[.)、．]\s*|[（(]\d{1,3}[)）]\s*|[一二三四五六七八九十]{1,3}、\s*"
)


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """A line of the outline without its marker; `depth` counts from 0 and is what indentation or numbering say."""

    text: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """One block: the first and the last characters of its chunk, as the model copied them, and its core statement."""

    head: str
    tail: str
    core: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply in parts. repairs: (what had to be repaired, how often), sorted."""

    thoughts: str = ""
    outline: tuple[OutlineLine, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    repairs: tuple[tuple[str, int], ...] = ()

    @property
    def n_repairs(self) -> int:
        """All repairs together."""
        return sum(count for _, count in self.repairs)


@dataclass(slots=True)
class _Block:
    """A scenario block as it is read."""

    chunk: str = ""
    core: str = ""
    has_chunk: bool = False


@dataclass(slots=True)
class _Parts:
    """What has been read so far. state: the innermost open tag, "" outside. loose: text outside all tags, before the first block."""

    state: str = ""
    thoughts: str = ""
    outline: str = ""
    loose: str = ""
    blocks: list[_Block] = field(default_factory=list)
    repairs: Counter[str] = field(default_factory=Counter)


def parse_reply(text: str) -> Reply:
    """Read `<think>…</think><outline>…</outline><scenario><chunk>head[MASK]tail</chunk>core</scenario>…` whatever became of it.

    Repaired and counted: tags that are missing, doubled or misplaced, text between blocks, code fences, a mask that is missing or
    written in another way, blocks without chunk or core. No pattern is ever made from what the model wrote.
    """
    parts = _Parts()
    plain = _FENCE.sub("", text)
    parts.repairs["code fence"] += plain != text
    place = 0
    for match in _TAG.finditer(plain):
        _keep(plain[place : match.start()], parts)
        _turn(match["name"].lower(), bool(match["close"]), parts)
        place = match.end()
    _keep(plain[place:], parts)
    parts.repairs["missing end tag"] += parts.state != ""
    scenarios = tuple(scenario for block in parts.blocks if (scenario := _scenario(block, parts.repairs)) is not None)
    if not parts.outline.strip() and parts.loose.strip():
        parts.outline = parts.loose
        parts.repairs["missing outline tag"] += 1
    return Reply(
        thoughts=parts.thoughts.strip(),
        outline=tuple(_outline_lines(parts.outline)),
        scenarios=scenarios,
        repairs=tuple(sorted((name, count) for name, count in parts.repairs.items() if count)),
    )


def format_reply(reply: Reply) -> str:
    """The reply in the published grammar: what `parse_reply` reads without a repair."""
    lines = [f"<think>\n{reply.thoughts}\n</think>"] if reply.thoughts else []
    lines.append("<outline>")
    lines.extend("  " * line.depth + line.text for line in reply.outline)
    lines.append("</outline>")
    lines.extend(f"<scenario><chunk>{one.head}{MASK}{one.tail}</chunk>{one.core}</scenario>" for one in reply.scenarios)
    return "\n".join(lines)


def _keep(text: str, parts: _Parts) -> None:
    """Give text between two tags to what is open."""
    if parts.state == "think":
        parts.thoughts += text
    elif parts.state == "outline":
        parts.outline += text
    elif parts.state == "chunk":
        parts.blocks[-1].chunk += text
    elif parts.state == "scenario":
        parts.blocks[-1].core += text
    elif text.strip():
        parts.repairs["text between blocks"] += 1
        if not parts.blocks:
            parts.loose += text


def _turn(name: str, is_end: bool, parts: _Parts) -> None:
    """Open or close what a tag names."""
    name = "think" if name == "thinking" else name
    if name == "core":
        parts.repairs["core tag"] += 1
    elif is_end:
        _close(name, parts)
    elif name == "chunk":
        if parts.state != "scenario" or parts.blocks[-1].has_chunk:
            parts.repairs["missing scenario tag"] += 1
            parts.blocks.append(_Block())
        parts.blocks[-1].has_chunk = True
        parts.state = "chunk"
    else:
        parts.repairs["missing end tag"] += parts.state != ""
        if name == "scenario":
            parts.blocks.append(_Block())
        parts.state = name


def _close(name: str, parts: _Parts) -> None:
    if name == "scenario" and parts.state == "chunk":
        parts.repairs["missing end tag"] += 1
        parts.state = ""
    elif name != parts.state:
        parts.repairs["tag without its other half"] += 1
        if name == "think" and not parts.state:  # the chat template has eaten the opening tag: what came so far was thought
            parts.thoughts, parts.loose = parts.loose, ""
    else:
        parts.state = "scenario" if name == "chunk" else ""


def _scenario(block: _Block, repairs: Counter[str]) -> Scenario | None:
    """The scenario of a block; None for one that holds neither anchors nor core."""
    core = " ".join(block.core.split())
    chunk = block.chunk.strip()
    if not block.has_chunk and (match := _MASK.search(block.core)):  # anchors and core in one, without the chunk's tags
        head, _, rest = block.core.partition(match.group())
        tail, _, core = rest.strip().partition("\n")
        repairs["missing chunk tag"] += 1
        return Scenario(head.strip(), tail.strip(), " ".join(core.split()))
    if not chunk and not core:
        repairs["empty block"] += 1
        return None
    repairs["block without chunk"] += not chunk
    repairs["block without core"] += not core
    match = _MASK.search(chunk)
    if match is None and chunk:
        match = _ELLIPSIS.search(chunk)
        repairs["missing mask"] += 1
    if match is None:
        return Scenario(chunk, chunk, core)
    tail = chunk[match.end() :].strip()
    if (again := list(_MASK.finditer(tail))) != []:
        repairs["mask written twice"] += 1
        tail = tail[again[-1].end() :]
    if not core and "\n" in tail:  # the chunk was never closed: its core begins on the next line
        tail, _, core = tail.partition("\n")
    return Scenario(chunk[: match.start()].strip(), tail.strip(), " ".join(core.split()))


def _outline_lines(text: str) -> Iterator[OutlineLine]:
    """Lines with their depth: by `#` or dotted numbers where the line has them, else by indentation in steps of those that occur."""
    rows = [row.expandtabs(4) for row in text.splitlines() if row.strip()]
    indents = sorted({len(row) - len(row.lstrip()) for row in rows})
    for row in rows:
        stripped = row.strip()
        depth = indents.index(len(row) - len(row.lstrip()))
        match = _MARKER.match(stripped)
        title = stripped[match.end() :] if match else stripped
        if match and match["hash"]:
            depth = len(match["hash"]) - 1
        elif match and match["dotted"]:
            depth = match["dotted"].count(".")
        title = " ".join(title.strip("*_ ").split())
        if title:
            yield OutlineLine(title, depth)
