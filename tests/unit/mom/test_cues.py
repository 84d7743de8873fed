import pytest

from mom.cues import CHAT, CUES, LABELLED, PROSE, SERVICE, read_cues, read_utterance, register_of

PROSE_TEXT = ["The dam was built in 1932.", "However, it leaked.", "Its wall was raised.", "水库建于1932年。", "然而它漏水。"]
CHAT_TEXT = ["hi ! how are you ?", "i am great , i have two dogs .", "do you like cars ?", "yes , i love them .", "my hobby is chess ."]
SERVICE_TEXT = ["I'm looking for a hotel.", "Okay, which area?", "The north please.", "It is booked for you.", "Thank you, bye!"]
CALL = ["坐席:您好，请问有什么可以帮您？", "客户:我想查询账户。", "坐席:好的，请稍等。", "客户:好。", "坐席:已经处理了，再见。"]


def cue(name: str, before: str, after: str, opener: str = "") -> float:
    return read_cues(read_utterance(before), read_utterance(after), opener)[CUES.index(name)]


@pytest.mark.parametrize(("units", "register"), [(PROSE_TEXT, PROSE), (CHAT_TEXT, CHAT), (SERVICE_TEXT, SERVICE), (CALL, LABELLED)])
def test_the_kind_of_text_is_told_by_its_words(units: list[str], register: str) -> None:
    assert register_of([read_utterance(unit) for unit in units]) == register


def test_a_list_of_fields_is_no_dialogue() -> None:
    fields = [f"Field{index}: value {index}" for index in range(12)]
    assert register_of([read_utterance(unit) for unit in fields]) == PROSE


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("connective_after", "It rained.", "However, the dam held."),
        ("connective_after", "下雨了。", "但是大坝没有垮。"),
        ("anaphor_after", "A dam was built.", "It leaked."),
        ("anaphor_after", "建了大坝。", "它漏水。"),
        ("greeting_after", "Bye.", "Hello, a taxi please."),
        ("greeting_after", "再见。", "您好，请讲。"),
        ("request_after", "Bye.", "I'm looking for a taxi."),
        ("closing_before", "Thank you!", "A taxi."),
        ("closing_before", "不客气，再见。", "喂。"),
        ("question_ends_before", "Which area?", "The north."),
        ("question_ends_before", "可以吗", "可以。"),
        ("asking_after", "Nice.", "Do you like cars?"),
        ("reply_after", "Which area?", "Okay, the north."),
    ],
)
def test_cues_of_both_languages_are_seen(name: str, before: str, after: str) -> None:
    assert cue(name, before, after) == 1.0
    assert cue(name, "Rain fell.", "Snow followed.") == 0.0


def test_the_one_who_opened_the_call_opens_the_next_topic() -> None:
    assert [cue("same_speaker", "客户:好。", after, "坐席") for after in ("坐席:还有吗？", "客户:没有。", "没有。")] == [1.0, -1.0, 0.0]


def test_every_cue_has_a_number() -> None:
    assert len(read_cues(read_utterance(""), read_utterance(""), "")) == len(CUES)
