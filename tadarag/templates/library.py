"""Finds template files, the user's own first, and loads them with what they extend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from tadarag.content import content_folder
from tadarag.errors import TemplateError, UsageError
from tadarag.nearest import nearest
from tadarag.templates.composition import compose
from tadarag.templates.draft import Draft, Place, Problem, Word
from tadarag.templates.reading import read_draft
from tadarag.templates.template import Template, core_types

FOLDER = "templates"
"""Where a user's folder holds templates of its own."""
CORE = "core"
"""The product's base: the core types, the shared relations and the task types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFile:
    """A template's name and file; is_own: it stands in a user's folder."""

    name: str
    file: Path
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A template that was read, what is wrong with it, and the names of all it extends, parents first."""

    template: Template
    problems: tuple[Problem, ...]
    is_base: bool
    extends: tuple[str, ...]


def template_files(user_folders: Sequence[Path] = ()) -> tuple[TemplateFile, ...]:
    """All template files, sorted by name; of two with one name the earlier folder's counts, the product's folder being the last.

    user_folders: each holds its own templates in a folder `templates`.
    """
    found: dict[str, TemplateFile] = {}
    for folder, is_own in [*((root / FOLDER, True) for root in user_folders), (content_folder(FOLDER), False)]:
        for file in sorted(folder.glob("*.yaml")):
            found.setdefault(file.stem, TemplateFile(name=file.stem, file=file, is_own=is_own))
    return tuple(found[name] for name in sorted(found))


def load_templates(user_folders: Sequence[Path] = ()) -> tuple[Template, ...]:
    """All domains (bases are none), sorted by name, the user's own before shipped ones of the same name.

    Raises TemplateError, which names file and line, for the first file that does not pass its checks, and for a type that two templates link
    under different core types.
    """
    files = template_files(user_folders)
    loaded = [load_file(found.file, user_folders) for found in files]
    for one in loaded:
        raise_problems(one.problems)
    raise_problems(_core_clashes([(found, one) for found, one in zip(files, loaded, strict=True)]))
    return tuple(one.template for one in loaded if not one.is_base)


@lru_cache(maxsize=1)
def shipped_templates() -> tuple[Template, ...]:
    """The domains that come with the product."""
    return load_templates()


def own_templates(folder: Path) -> tuple[Template, ...] | None:
    """All templates for a folder that has some of its own, None where the shipped ones are all there are. Raises as `load_templates`."""
    return load_templates([folder]) if any((folder / FOLDER).glob("*.yaml")) else None


def copy_own_templates(folder: Path, target: Path) -> None:
    """Copy a folder's own template files, if it has any, into another's."""
    for file in sorted((folder / FOLDER).glob("*.yaml")):
        (target / FOLDER).mkdir(parents=True, exist_ok=True)
        (target / FOLDER / file.name).write_bytes(file.read_bytes())


def load_template(name: str, user_folders: Sequence[Path] = ()) -> Template:
    """The template of that name. Raises UsageError when there is none, TemplateError when it does not pass its checks."""
    loaded = load_file(find_template(name, user_folders).file, user_folders)
    raise_problems(loaded.problems)
    return loaded.template


def find_template(name: str, user_folders: Sequence[Path] = ()) -> TemplateFile:
    """The file of a template. Raises UsageError when there is none."""
    files = {found.name: found for found in template_files(user_folders)}
    if name not in files:
        raise UsageError(f"there is no template {name!r}", nearest(name, files))
    return files[name]


def load_file(file: Path, user_folders: Sequence[Path] = ()) -> Loaded:
    """Read a file and all it extends, and compose them; its problems are listed, not raised. Raises OSError.

    A parent that has problems of its own is one problem of the child.
    """
    draft, problems = _read(file)
    problems += tuple(_core_problems(draft, file))
    drafts: dict[str, Draft] = {}
    if not problems:
        problems = tuple(_gather(draft, {found.name: found.file for found in template_files(user_folders)}, drafts, path=()))
    drafts[draft.name.text] = draft
    extends = tuple(drafts)[:-1]
    if problems:
        empty = Template(name=draft.name.text, version=draft.version, description=draft.description, cues=(), entity_types=(), relations=())
        return Loaded(template=empty, problems=problems, is_base=draft.is_base, extends=extends)
    template, problems = compose(tuple(drafts.values()), core_type_names())
    return Loaded(template=template, problems=problems, is_base=draft.is_base, extends=extends)


def core_type(label: str, templates: Sequence[Template] | None = None) -> str:
    """The core type under which a type, or a label that means one of the shared types, is linked; "" for a label that means none.

    templates: where types of other names are looked up (None: the shipped domains). The domain to which a text was routed plays no part.
    """
    known = core_types(shipped_templates() if templates is None else templates)
    if label in known:
        return known[label]
    shared = _shared().type_labelled(label)
    return shared.core if shared else ""


@lru_cache(maxsize=1)
def _shared() -> Template:
    return load_template(CORE)


def check_file(file: Path, user_folders: Sequence[Path] = ()) -> Loaded:
    """As `load_file`, with the check that no other template links a type of this one under another core type. Raises OSError."""
    loaded = load_file(file, user_folders)
    if loaded.problems:
        return loaded
    others = [(found, load_file(found.file, user_folders)) for found in template_files(user_folders) if found.name != loaded.template.name]
    checked = TemplateFile(name=loaded.template.name, file=file, is_own=not _is_shipped(file))
    clashes = _core_clashes([*others, (checked, loaded)])
    return replace(loaded, problems=tuple(problem for problem in clashes if problem.place.file == str(file)))


def core_type_names() -> tuple[str, ...]:
    """The core types, under which entities are linked whatever the domain; frozen with the product."""
    draft, problems = _read_shipped(content_folder(FOLDER) / f"{CORE}.yaml")
    raise_problems(problems)
    return draft.core_types


def raise_problems(problems: Sequence[Problem]) -> None:
    """Raises TemplateError for the first problem and says how many more there are."""
    if problems:
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise TemplateError(f"{first}{more}", f"{first.do}; see all: tadarag templates check {Path(first.place.file).stem}")


def _gather(draft: Draft, files: dict[str, Path], drafts: dict[str, Draft], *, path: tuple[str, ...]) -> Iterable[Problem]:
    """Put all that a draft extends into `drafts`, parents before children."""
    path = (*path, draft.name.text)
    for parent in draft.extends:
        if parent.text in path:
            yield Problem(parent.place, f"{' extends '.join((*path, parent.text))}: a circle", "remove one of these extends")
        elif parent.text not in files:
            yield Problem(parent.place, f"there is no template {parent.text!r} to extend", nearest(parent.text, files))
        elif parent.text not in drafts:
            above, problems = _read(files[parent.text])
            if problems:
                yield Problem(parent.place, f"the template {parent.text!r} has a problem: {problems[0]}", problems[0].do)
                continue
            yield from _gather(above, files, drafts, path=path)
            drafts.setdefault(parent.text, above)


def _read(file: Path) -> tuple[Draft, tuple[Problem, ...]]:
    return _read_shipped(file) if _is_shipped(file) else read_draft(file)


@lru_cache(maxsize=32)
def _read_shipped(file: Path) -> tuple[Draft, tuple[Problem, ...]]:
    return read_draft(file)  # the core is read for every domain; the product's own files do not change while it runs


def _is_shipped(file: Path) -> bool:
    return file.resolve().parent == content_folder(FOLDER).resolve()


def _core_problems(draft: Draft, file: Path) -> Iterable[Problem]:
    """Only the product's own base may state the core types: all bases link alike."""
    if _is_shipped(file):
        return
    if draft.name.text == CORE:
        yield Problem(
            draft.name.place, f"{CORE!r} is the name of the product's own base", "choose another name, and extend it: extends: [core]"
        )
    elif draft.core_types:
        place = Place(str(file), draft.name.place.line)
        yield Problem(place, "only the product's own base states core_types", "remove them; a type says which it belongs to with: core")


def _core_clashes(loaded: Sequence[tuple[TemplateFile, Loaded]]) -> tuple[Problem, ...]:
    """Types that two templates link under different core types; the shipped templates are right."""
    known: dict[str, tuple[str, str]] = {}
    clashes = []
    for found, one in sorted(loaded, key=lambda pair: (pair[0].is_own, pair[0].name)):
        for kind in one.template.entity_types:
            core, template = known.setdefault(kind.name, (kind.core, one.template.name))
            if core != kind.core:
                happened = f"the type {kind.name!r} is linked as {kind.core}, in the template {template!r} as {core}"
                clashes.append(Problem(_word(found.file, kind.name).place, happened, f"write core: {core}, or give the type another name"))
    return tuple(clashes)


def _word(file: Path, kind: str) -> Word:
    draft, _ = _read(file)
    return next((one.name for one in draft.types if one.name.text == kind), draft.name)
