"""Check the gold of the sample corpus: every quote stands in its document and every question keeps the rules of its type.

Run from anywhere: python data/check_samples.py. Reads files in the plainest way and shares no code with tadarag's parsers, so that a
mistake there cannot hide a mistake here. The rules are stated for people in data/samples/README.md.
"""

import csv
import email
import email.policy
import io
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import docx
import pypdfium2
from selectolax.lexbor import LexborHTMLParser

SAMPLES = Path(__file__).resolve().parent / "samples"
LEAST_OF_TYPE = {
    "fact": 35,
    "bridge": 25,
    "comparison": 12,
    "list": 10,
    "temporal": 12,
    "overview": 8,
    "unanswerable": 50,
}
LEAST_CHINESE_QUESTIONS = 35
FORMATS = {".md", ".txt", ".html", ".docx", ".pdf", ".eml", ".csv", ".jsonl"}
MAX_BYTES = 2_000_000
# English words plus Chinese characters of one prose document.
LENGTH_LIMITS = (150, 1000)

# The answer of these is a span of the evidence.
TYPES_WITH_SPAN = {"fact", "bridge", "temporal"}
CHINESE = r"[\u3400-\u9fff]"
# With the punctuation that can begin or end a line.
CHINESE_LINE = r"[\u3000-\u9fff\uff00-\uffef\u201c\u201d]"


def main() -> int:
    """Print the problems and the counts; returns 1 if there is a problem."""
    texts = read_documents(SAMPLES / "documents")
    questions = read_questions(SAMPLES / "questions.jsonl")
    demo = json.loads((SAMPLES / "demo.json").read_text(encoding="utf-8"))
    problems = [
        *check_corpus(SAMPLES / "documents", texts),
        *check_questions(questions, texts),
        *check_counts(questions),
        *check_demo(demo, questions),
    ]
    for problem in problems:
        print(problem, file=sys.stderr)
    by_type = Counter((question["type"], question["language"]) for question in questions)
    for (kind, language), count in sorted(by_type.items()):
        print(f"{kind:13} {language} {count:4}")
    print(f"{len(questions)} questions over {len(files_of(SAMPLES / 'documents'))} files ({len(texts)} texts), {len(problems)} problems")
    return 1 if problems else 0


def files_of(root: Path) -> list[Path]:
    """Every document file below root, sorted."""
    return sorted(path for path in root.rglob("*") if path.is_file())


def read_questions(path: Path) -> list[dict[str, Any]]:
    """One question a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_documents(root: Path) -> dict[str, str]:
    """Text by source; a row of CSV or JSONL is "path#id", an attachment "path#filename", everything else its path below root."""
    readers: dict[str, Callable[[Path], Iterator[tuple[str, str]]]] = {
        ".csv": _read_csv,
        ".jsonl": _read_jsonl,
        ".eml": _read_eml,
        ".html": _read_html,
        ".docx": _read_docx,
        ".pdf": _read_pdf,
    }
    texts = {}
    for path in files_of(root):
        for part, text in readers.get(path.suffix, _read_plain)(path):
            source = path.relative_to(root).as_posix() + (f"#{part}" if part else "")
            texts[source] = unicodedata.normalize("NFC", text)
    return texts


def _read_plain(path: Path) -> Iterator[tuple[str, str]]:
    yield "", path.read_text(encoding="utf-8")


def _read_csv(path: Path) -> Iterator[tuple[str, str]]:
    for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))):
        yield row["id"], "\n".join(f"{column}: {value}" for column, value in row.items())


def _read_jsonl(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["id"], "\n".join(f"{column}: {value}" for column, value in row.items())


def _read_eml(path: Path) -> Iterator[tuple[str, str]]:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body()
    if body is None:
        raise ValueError(f"{path} has no body")
    yield "", f"{message['Subject']}\n{message['From']}\n{message['To']}\n{message['Date']}\n\n{body.get_content()}"
    for attachment in message.iter_attachments():
        yield attachment.get_filename() or "unnamed", attachment.get_content()


def _read_html(path: Path) -> Iterator[tuple[str, str]]:
    tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
    tree.strip_tags(["script", "style"])
    yield "", tree.body.text() if tree.body is not None else ""


def _read_docx(path: Path) -> Iterator[tuple[str, str]]:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    yield "", "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def _read_pdf(path: Path) -> Iterator[tuple[str, str]]:
    with pypdfium2.PdfDocument(path) as pdf:
        pages = [pdf[number].get_textpage().get_text_range() for number in range(len(pdf))]
    joined = re.sub(r"\s+", " ", "\n".join(pages))
    # A line end inside Chinese text is not a word boundary.
    yield "", re.sub(rf"(?<={CHINESE_LINE}) (?={CHINESE_LINE})", "", joined)


def check_corpus(root: Path, texts: Mapping[str, str]) -> Iterator[str]:
    """Problems of the files themselves: formats, number, size, length, languages."""
    files = files_of(root)
    suffixes = {path.suffix for path in files}
    if suffixes != FORMATS:
        yield f"formats are {sorted(suffixes)}, not {sorted(FORMATS)}"
    if not 40 <= len(files) <= 55:
        yield f"{len(files)} files, not 40 to 55"
    if (size := sum(path.stat().st_size for path in files)) > MAX_BYTES:
        yield f"{size:,} bytes of documents, more than {MAX_BYTES:,}"
    n_chinese = n_traditional = 0
    for path in files:
        source = path.relative_to(root).as_posix()
        if source not in texts:  # rows of a table are as long as they are
            continue
        text = texts[source]
        n_characters = len(re.findall(CHINESE, text))
        length = n_characters + len(re.findall(r"[A-Za-z][\w'-]*", text))
        if not LENGTH_LIMITS[0] <= length <= LENGTH_LIMITS[1]:
            yield f"{source}: {length} words, not {LENGTH_LIMITS[0]} to {LENGTH_LIMITS[1]}"
        n_chinese += n_characters > 200
        n_traditional += len(re.findall("[於與為號館]", text)) > 5
    if n_chinese < 12 or n_traditional < 2:
        yield f"{n_chinese} Chinese documents ({n_traditional} traditional), fewer than 12 (2)"


def check_questions(questions: Sequence[Mapping[str, Any]], texts: Mapping[str, str]) -> Iterator[str]:
    """Problems of single questions, each line beginning with the question's id."""
    everything = "\n".join(texts.values()).casefold()
    for question in questions:
        for problem in _check_question(question, texts, everything):
            yield f"{question['id']}: {problem}"
    for name in ("id", "question"):
        repeated = [value for value, count in Counter(question[name] for question in questions).items() if count > 1]
        if repeated:
            yield f"the same {name} twice: {repeated}"


def _check_question(question: Mapping[str, Any], texts: Mapping[str, str], everything: str) -> Iterator[str]:
    evidence: Sequence[Mapping[str, str]] = question["evidence"]
    if question["type"] not in LEAST_OF_TYPE:
        yield f"unknown type {question['type']!r}"
    if question["language"] != ("zh" if re.search(CHINESE, question["question"]) else "en"):
        yield "the language is not that of the question"
    for quoted in evidence:
        if quoted["source"] not in texts:
            yield f"no document {quoted['source']}"
        elif quoted["quote"] not in texts[quoted["source"]]:
            yield f"{quoted['source']} does not say {quoted['quote']!r}"
    if question["type"] == "unanswerable":
        yield from _check_unanswerable(question, everything)
        return
    if not evidence or not question["answers"]:
        yield "an answerable question needs answers and evidence"
    if question["near_miss"]:
        yield "only an unanswerable question can be a near miss"
    quotes = "\n".join(quoted["quote"] for quoted in evidence).casefold()
    if question["type"] in TYPES_WITH_SPAN and not any(answer.casefold() in quotes for answer in question["answers"]):
        yield f"no quote holds one of the answers {question['answers']}"
    if question["type"] == "bridge" and len({quoted["source"].split("#")[0] for quoted in evidence}) < 2:
        yield "a bridge question needs two documents"
    if question["type"] == "list":
        for item in question.get("items", [[]]):
            if not any(form.casefold() in quotes for form in item):
                yield f"no quote holds the list item {item}"


def _check_unanswerable(question: Mapping[str, Any], everything: str) -> Iterator[str]:
    if question["answers"] or question["evidence"]:
        yield "an unanswerable question has no answers and no evidence"
    is_known = question["about"].casefold() in everything
    if is_known != question["near_miss"]:
        yield f"{question['about']!r} is {'' if is_known else 'not '}in the corpus, near_miss says otherwise"


def check_counts(questions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Problems of the set as a whole: how many there are of each type and language."""
    by_type = Counter(question["type"] for question in questions)
    for kind, least in LEAST_OF_TYPE.items():
        if by_type[kind] < least:
            yield f"{by_type[kind]} questions of type {kind}, fewer than {least}"
    n_near = sum(question["near_miss"] for question in questions)
    if 2 * n_near < by_type["unanswerable"]:
        yield f"{n_near} near misses, fewer than half of the unanswerable questions"
    chinese_types = [question["type"] for question in questions if question["language"] == "zh"]
    if len(chinese_types) < LEAST_CHINESE_QUESTIONS or set(chinese_types) != set(LEAST_OF_TYPE):
        yield f"{len(chinese_types)} Chinese questions of types {sorted(set(chinese_types))}"


def check_demo(demo: Mapping[str, Any], questions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The three questions of the demo are in the set and are a bridge, a Chinese one and a near miss."""
    by_id = {question["id"]: question for question in questions}
    shown = [by_id.get(entry["id"]) for entry in demo["questions"]]
    if len(shown) != 3 or None in shown:
        yield "the demo needs three questions of questions.jsonl"
        return
    bridge, chinese, near_miss = (question for question in shown if question is not None)
    if any(
        question["question"] != entry["question"] for question, entry in zip((bridge, chinese, near_miss), demo["questions"], strict=True)
    ):
        yield "a question of the demo reads otherwise in questions.jsonl"
    if bridge["type"] != "bridge" or chinese["language"] != "zh" or not near_miss["near_miss"]:
        yield "the demo shows a bridge, a Chinese question and a near miss, in this order"


if __name__ == "__main__":
    sys.exit(main())
