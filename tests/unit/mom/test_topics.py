from hypothesis import given, settings
from hypothesis import strategies as st

from mom.topics import topic_starts

DAM = [
    "The dam across the river was finished in 1932 after nine years of work.",
    "Its concrete wall holds back a reservoir of forty square kilometres.",
    "The reservoir feeds four turbines and waters the fields of the valley.",
    "Engineers raised the wall of the dam when the river flooded the turbines.",
]
WALTZ = [
    "The composer wrote three waltzes for piano during his stay in Vienna.",
    "Dancers and pianists welcomed the waltzes at every ball of the season.",
    "A publisher printed the piano music, and an orchestra played it in the opera.",
    "The melody of the second waltz was later used in a symphony.",
]
WATER = [
    "大坝于1932年建成，水库面积四十平方公里。",
    "水库为四台水轮机供水，并灌溉河谷农田。",
    "洪水之后，工程师加高了大坝。",
    "水库的水位每年春季都会上升。",
]
MUSIC = [
    "作曲家在维也纳写了三首钢琴圆舞曲。",
    "钢琴家在舞会上演奏这些圆舞曲。",
    "出版社印行了钢琴乐谱，乐团在歌剧院演出。",
    "圆舞曲的旋律后来用于交响曲。",
]


def test_topics_begin_where_the_subject_changes() -> None:
    assert topic_starts([*DAM, *WALTZ]) == [0, 4]
    assert topic_starts([*WALTZ, *DAM]) == [0, 4]


def test_chinese_topics_begin_where_the_subject_changes() -> None:
    assert topic_starts([*WATER, *MUSIC]) == [0, 4]


def test_a_request_after_a_farewell_opens_a_topic() -> None:
    turns = [
        "I'm looking for a cheap hotel in the north.",
        "Okay, the Avalon is free. Shall I book it for you?",
        "Yes please, for two nights.",
        "It is booked, your reference number is ABC.",
        "Thank you, goodbye!",
        "Hi, I need a taxi from the museum to the station.",
        "Sure, what time do you want to leave?",
        "At nine, please.",
        "A red taxi is booked. Is there anything else?",
    ]
    assert topic_starts(turns) == [0, 5]


def test_nothing_has_no_topic_and_one_sentence_has_one() -> None:
    assert topic_starts([]) == []
    assert topic_starts(["Only this."]) == [0]
    assert topic_starts([""]) == [0]


@given(st.lists(st.text(max_size=40), max_size=12))
@settings(deadline=None)
def test_starts_ascend_from_the_first_sentence_and_come_out_again(sentences: list[str]) -> None:
    starts = topic_starts(sentences)
    assert starts == sorted(set(starts)) == topic_starts(sentences)
    assert starts[:1] == ([0] if sentences else [])
    assert all(start < len(sentences) for start in starts)
