"""The question of a conversation: the last message of the user, with the names of the turns before where it leans on them."""

from __future__ import annotations

import pytest

from tadarag.memory.follow_ups import MOST_TURNS
from tadarag.serving.conversation import last_question, question_of


def chat(*texts: str) -> list[tuple[str, str]]:
    """Messages of user and assistant in turn."""
    return [(("user", "assistant")[number % 2], text) for number, text in enumerate(texts)]


def test_the_question_is_the_last_message_of_the_user_that_says_something() -> None:
    messages = [("user", "first"), ("assistant", "no"), ("user", " second "), ("assistant", "yes"), ("user", " ")]
    assert (last_question(messages), question_of(messages)) == ("second", "second")
    assert (last_question([("system", "only rules")]), question_of([("system", "only rules")])) == ("", "")


@pytest.mark.parametrize(
    ("messages", "wanted"),
    [
        (chat("Who leads the harbour of Quillen?", "Ilse Mennick [1]", "When was she born?"), "When was Ilse Mennick born?"),
        (chat("How long is the ferry Dusk?", "90 m [1]", "And how wide?"), "Dusk: And how wide?"),
        (chat("Tell me about Tomas Brandt.", "He led the office. [1]", "Where was he born?"), "Where was Tomas Brandt born?"),
        (chat("扩港工程由谁承建？", "晨星建设公司[1]", "它什么时候成立？"), "晨星建设公司什么时候成立？"),
        (chat("望潮大桥有多长？", "1200米[1]", "这座大桥什么时候建成？"), "望潮大桥：这座大桥什么时候建成？"),
    ],
)
def test_a_follow_up_gets_the_names_of_the_turns_before(messages: list[tuple[str, str]], wanted: str) -> None:
    assert question_of(messages) == wanted


def test_a_question_with_a_name_of_its_own_stays_as_it_is() -> None:
    assert question_of(chat("How long is the ferry Dusk?", "90 m [1]", "How long is the ferry Lynx?")) == "How long is the ferry Lynx?"
    assert question_of(chat("望潮大桥有多长？", "1200米[1]", "银沙大桥有多长？")) == "银沙大桥有多长？"


def test_only_user_and_assistant_are_read() -> None:
    messages = [("system", "You are Captain Harrow."), ("tool", "Quillen"), ("user", "When was he born?")]
    assert question_of(messages) == "When was he born?"


def test_of_a_megabyte_of_conversation_only_the_last_turns_are_read() -> None:
    last = chat(*["Ilse Mennick of Quillen met Tomas Brandt. " * 25] * 2 * MOST_TURNS, "And where?")
    early = chat(*["Zebulon Trask of Dunmore went home. " * 25] * 1_000)
    assert question_of(early + last) == question_of(last)
    assert question_of(last).endswith(": And where?")
