"""The studio in a real browser, screen by screen."""

import shutil

import pytest

from tadarag.content import content_folder

pytestmark = pytest.mark.browser

FERRY = """# The ferry Dusk

The ferry Dusk was built at the Ostrevir Yard in 1998. Tomas Brandt owns the Ostrevir Yard.

## Fares

The fare to Port Hesk is 28 korla. Children travel free of charge on Sundays.
"""
HARBOUR = "# 奎伦湾扩港工程\n\n奎伦湾扩港工程由晨星建设公司承建。\n\n## 预算\n\n工程预算为三亿二千万科拉，计划于2027年完工。\n"
QUESTIONS = {"en": "What is the fare to Port Hesk?", "zh": "奎伦湾扩港工程由谁承建？"}
ANSWERS = {"en": "28 korla", "zh": "晨星"}
QUOTES = {"en": "The fare to Port Hesk is 28 korla.", "zh": "奎伦湾扩港工程由晨星建设公司承建。"}
NAMES = {"en": "Ostrevir Yard", "zh": "晨星建设公司"}
POISON = """# <img src=x onerror="window.poisoned=1"> Fares ![p](http://evil.example/p.png)

<script>window.poisoned=1</script> The fare to Port Hesk is 28 korla. <img src="http://evil.example/x.png" onerror="window.poisoned=1">
"""


@pytest.fixture
def visit(chromium, studio, shots):
    """Makes visits to the studio."""
    from .visit import Visit

    return lambda **how: Visit(chromium, studio[0], shots, **how)


@pytest.fixture
def files(tmp_path):
    """A document in each language, one that is broken, one without text."""
    (tmp_path / "ferry.md").write_text(FERRY, encoding="utf-8")
    (tmp_path / "扩港工程.md").write_text(HARBOUR, encoding="utf-8")
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "blank.txt").write_text(" \n")
    return sorted(tmp_path.iterdir())


def delete(visit, name):
    """Delete a document by its button and the confirmation."""
    visit.page.get_by_role("button", name=f"{visit.say('delete')}: {name}").click()
    visit.page.locator(".st-key-delete-yes button").wait_for()
    visit.rest()
    visit.look("delete")
    visit.page.locator(".st-key-delete-yes button").click()
    visit.page.get_by_text(visit.say("deleted", name=name)).wait_for()
    visit.rest()


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [
        ("en", 1280, "light"),
        ("zh", 375, "dark"),
        pytest.param("zh", 1280, "light", marks=pytest.mark.slow),
        pytest.param("en", 375, "light", marks=pytest.mark.slow),
        pytest.param("en", 1280, "dark", marks=pytest.mark.slow),
    ],
)
def test_a_person_goes_all_the_way(visit, studio, files, language, width, scheme):
    with visit(language=language, width=width, scheme=scheme) as person:
        page = person.page
        person.look("empty")
        person.upload(*files)
        page.get_by_text("cut.pdf").first.wait_for()
        person.look("documents")

        person.press("ask_now")
        person.on("ask")
        person.look("ask")
        person.ask(QUESTIONS[language])
        assert ANSWERS[language] in page.locator(".answer-view").inner_text()
        person.look("answer")

        page.locator("button.cite").first.click()
        page.locator(".source-view mark").wait_for()
        person.rest()
        assert page.locator(".source-view mark").inner_text() == QUOTES[language]
        assert page.locator(".source-view mark").is_visible()
        assert page.locator("[role=dialog] .breadcrumb li").count()
        person.look("source")
        page.keyboard.press("Escape")
        page.locator("[role=dialog]").wait_for(state="hidden")

        person.press("useful")
        page.get_by_text(person.say("thanks")).wait_for()
        page.locator("[class*=st-key-how-] summary").click()
        person.rest()
        person.look("how")
        page.locator("[class*=st-key-how-] summary").click()
        page.locator("[class*=st-key-graph-] summary").click()
        page.frame_locator("iframe").locator("figure").wait_for()
        page.locator("iframe").scroll_into_view_if_needed()
        person.rest()
        person.look("question-graph")

        person.go("memories")
        page.locator(".memory mark").first.wait_for()
        person.look("memories")
        person.go("graph")
        person.look("names")
        page.get_by_label(person.say("find_name")).fill(NAMES[language])
        page.keyboard.press("Enter")
        page.locator(".thing-head").wait_for()
        person.rest()
        person.look("thing")
        person.go("compare")
        page.get_by_label(person.say("question"), exact=True).fill(QUESTIONS[language])
        page.locator("[data-testid=stFormSubmitButton] button").click()
        page.locator(".measures").nth(1).wait_for()
        person.rest()
        person.look("compare")

        person.go("documents")
        for name in ("blank.txt", "cut.pdf", "ferry.md", "扩港工程.md"):
            delete(person, name)
        page.get_by_text(person.say("empty_base")).wait_for()
        assert list((studio[1] / "uploads").iterdir()) == []
        assert person.violations == []
        assert person.outside == []


def test_the_first_answer_takes_at_most_three_clicks_after_the_upload(visit, files):
    with visit() as person:
        person.upload(*files[:3])
        person.clicks = 0
        person.press("ask_now")
        person.press("suggest_about", title="The ferry Dusk")
        person.page.locator(".answer-view").wait_for()
        assert person.clicks <= 3


def test_the_keyboard_alone_asks_and_opens_a_source(visit, files):
    with visit() as person:
        person.upload(*files[:3])
        person.go("ask")
        person.ask(QUESTIONS["en"])
        person.page.locator("button.cite").first.focus()
        person.page.keyboard.press("Enter")
        person.page.locator(".source-view mark").wait_for()
        person.page.keyboard.press("Escape")
        person.page.locator("[role=dialog]").wait_for(state="hidden")


def test_no_markup_of_a_document_acts_on_any_screen(visit, tmp_path):
    (tmp_path / "poison.md").write_text(POISON, encoding="utf-8")
    with visit() as person:
        person.upload(tmp_path / "poison.md")
        person.go("ask")
        person.ask(QUESTIONS["en"])
        person.page.locator("button.cite").first.click()
        person.page.locator(".source-view mark").wait_for()
        person.page.keyboard.press("Escape")
        for name in ("memories", "graph", "documents"):
            person.go(name)
        assert person.page.evaluate("window.poisoned") is None
        assert person.page.locator("main img, [role=dialog] img").count() == 0
        assert person.outside == []
        assert person.dialogs == []


def volumes(folder, samples, count=5):
    """Long documents, no paragraph of one in another: they take far longer to read than a question to ask."""
    paragraphs = [part for file in sorted(samples.rglob("*.md")) for part in file.read_text(encoding="utf-8").split("\n\n")]
    for volume in range(count):
        text = "\n\n".join(f"{part} ({volume}.{edition})" for edition in range(12) for part in paragraphs)
        (folder / f"volume-{volume}.md").write_text(text, encoding="utf-8")
    return sorted(folder.glob("volume-*.md"))


def test_a_person_asks_while_documents_are_read(visit, files, tmp_path):
    samples = shutil.copytree(content_folder("data/samples") / "documents", tmp_path / "samples")
    long = volumes(tmp_path, samples)
    with visit() as person:
        person.upload(*files[:3])
        person.drop(*sorted(file for file in samples.rglob("*") if file.is_file()), *long)
        person.page.get_by_text(person.say("ask_meanwhile")).wait_for()
        person.page.wait_for_timeout(1500)
        person.look("reading")
        person.go("ask")
        person.ask(QUESTIONS["en"])
        assert ANSWERS["en"] in person.page.locator(".answer-view").inner_text()
        person.press("useful")
        person.page.get_by_text(person.say("thanks")).wait_for()
        assert person.page.locator('[data-testid="stSidebar"] [role="progressbar"]').count(), "the reading was over before the question"


SOLLOW = {
    "line.md": "# The line\n\nMargit Sollow was born in 1961 in Veldam. Margit Sollow founded the Quillen Bay Shipping Line.\n",
    "mill.md": "# The mill\n\nMargit Sollow leads the Halvrin Group. Margit Sollow lives in Velmouth.\n",
}


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh", 375)])
def test_a_name_is_kept_apart_only_after_a_confirmation_and_brought_together_again(visit, tmp_path, language, width):
    for name, text in SOLLOW.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with visit(language=language, width=width) as person:
        page, both = person.page, person.say("n_documents", n=2)
        person.upload(*sorted(tmp_path.iterdir()))
        person.go("graph")
        page.get_by_label(person.say("find_name")).fill("Margit Sollow")
        page.keyboard.press("Enter")
        page.locator(".thing-head", has_text=both).wait_for()
        person.rest()
        page.get_by_label(person.say("unmerge_source")).focus()
        page.keyboard.type("mill")
        for key in ("ArrowDown", "Enter"):
            page.wait_for_timeout(200)
            page.keyboard.press(key)
        page.locator(".st-key-part button:enabled").wait_for()
        person.rest()

        page.locator(".st-key-part button").click()
        page.locator(".st-key-part-no button").wait_for()
        person.rest()
        person.look("keep-apart")
        page.locator(".st-key-part-no button").click()
        page.locator("[role=dialog]").wait_for(state="hidden")
        person.rest()
        assert page.locator(".thing-head", has_text=both).count()
        assert not page.get_by_text(person.say("parted")).count()

        page.locator(".st-key-part button").click()
        page.locator(".st-key-part-yes button").click()
        page.get_by_text(person.say("parted")).wait_for()
        person.rest()
        assert page.get_by_label(person.say("which")).count(), "the two bearers of the name are things of their own"
        person.look("kept-apart")
        page.locator(".st-key-undo-0 button").click()
        page.locator(".thing-head", has_text=both).wait_for()
        person.rest()
        assert not page.get_by_text(person.say("parted")).count()
        assert person.violations == []
