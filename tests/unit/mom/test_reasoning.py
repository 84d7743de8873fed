import pytest

import mom
from mom.language_model import Completion, Sampling
from mom.reasoning import SAMPLINGS, path_faults, quoted_share, reason, template_path
from mom.scoring import score_memory

TEXT = "# Care\n\nKeep the pump dry. It must not stand in water.\n\n# Use\n\nPress the green button. Wait for 5 seconds.\n"
ZH = "# 保养\n\n水泵要保持干燥。不得放在水中。\n\n# 使用\n\n按下绿色按钮。等待5秒。\n"
PATH = "A manual for people who own a pump. It goes from care to use; each of the 2 chunks must keep its warning."


class Guide:
    """Answers with the given paths in turn, and remembers what it was asked."""

    name = "guide"

    def __init__(self, *paths: str) -> None:
        self.paths = list(paths)
        self.asked: list[tuple[str, str]] = []

    def complete(self, system: str, user: str, sampling: Sampling) -> Completion:
        self.asked.append((system, user))
        return Completion(text=self.paths.pop(0), prompt_tokens=0, completion_tokens=0, are_estimates=False)

    def count_tokens(self, text: str) -> tuple[int, bool]:
        return len(text.split()), False


def built(text: str) -> mom.Memory:
    return score_memory(text, mom.build(text))


def test_without_a_guide_the_path_is_told_from_the_builders_decisions() -> None:
    path = reason(TEXT, built(TEXT))
    assert path.is_synthetic
    assert "Chunk 2, “Use”, begins at a heading." in path.text
    assert "2 outline lines, 2 cores and 2 chunks" in path.text


def test_a_chinese_document_has_a_chinese_path() -> None:
    assert "第2块“使用”从标题处开始。" in template_path(ZH, built(ZH))


@pytest.mark.parametrize("text", [TEXT, ZH])
def test_the_told_path_passes_the_tests_that_a_models_path_must_pass(text: str) -> None:
    assert path_faults(template_path(text, built(text)), text, 2) == ()


def test_the_guides_path_is_kept_and_named() -> None:
    path = reason(TEXT, built(TEXT), model=Guide(PATH))
    assert (path.text, path.model, path.is_synthetic, path.rejections) == (PATH, "guide", False, ())


def test_a_faulty_path_is_asked_for_again() -> None:
    path = reason(TEXT, built(TEXT), model=Guide("There are 7 chunks.", PATH))
    assert path.text == PATH
    assert path.rejections == ("it speaks of 7 chunks where there are 2",)


def test_after_the_last_faulty_path_it_is_told_without_the_guide() -> None:
    path = reason(TEXT, built(TEXT), model=Guide(*[""] * len(SAMPLINGS)))
    assert path.is_synthetic
    assert path.rejections == ("it is empty",) * len(SAMPLINGS)


def test_the_guide_is_given_document_and_memory_with_the_document_fenced() -> None:
    guide = Guide(PATH)
    reason(TEXT, built(TEXT), model=guide)
    system, user = guide.asked[0]
    fence = user.splitlines()[0]
    assert user.startswith(f"{fence}\n{TEXT}\n{fence}")
    assert fence in system
    assert "2. Use | " in user


def test_a_path_that_quotes_the_document_is_refused() -> None:
    assert path_faults(f"It says: {TEXT}", TEXT, 2) == ("it quotes 100% of the document",)


@pytest.mark.parametrize("words", ["as given", "the provided outline", "the reference answer", "如上所示", "给定的大纲"])
def test_a_path_that_names_the_given_answer_is_refused(words: str) -> None:
    assert path_faults(f"First, {words} begins with care.", TEXT, 2) == (
        f"it names the answer that it was given: {words.removeprefix('the ')!r}",
    )


@pytest.mark.parametrize("words", ["seven chunks", "7 items", "7个文本块", "七个条目"])
def test_a_path_that_counts_other_chunks_is_refused(words: str) -> None:
    assert path_faults(f"I see {words}.", TEXT, 2) == ("it speaks of 7 chunks where there are 2",)


def test_a_path_with_tags_of_the_answer_is_refused() -> None:
    assert path_faults("First </think> then.", TEXT, 2) == ("it holds a tag of the answer's form",)


def test_the_quoted_share_counts_runs_of_eight_terms() -> None:
    words = [f"w{n}" for n in range(40)]
    assert quoted_share(" ".join(words[5:15]), " ".join(words)) == 10 / 40
    assert quoted_share(" ".join(words[5:12]), " ".join(words)) == 0.0
