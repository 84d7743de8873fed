"""The frame of the studio: opened once, in one language or the other, and calm when the base cannot be opened."""

from streamlit.testing.v1 import AppTest

from tadarag.errors import EncoderMismatch


def frame(opener, place):
    from tadarag_studio.app import show

    show(opener, place=place)


def titles(test):
    return [str(element.proto) for element in test.main if "page-head" in str(element.proto)]


def test_the_base_is_opened_once_for_all_reruns_and_sessions(base, encoder):
    opened = []

    def opener():
        opened.append(base)
        return base

    n_read = encoder.n_read
    for _ in range(2):
        test = AppTest.from_function(frame, kwargs={"opener": opener, "place": str(base.path)}, default_timeout=30).run()
        test.run()
        assert not test.exception
    assert len(opened) == 1
    assert encoder.n_read == n_read


def test_the_language_can_be_changed(base):
    test = AppTest.from_function(frame, kwargs={"opener": lambda: base, "place": f"{base.path}-zh"}, default_timeout=30).run()
    assert "Documents" in titles(test)[0]
    test.session_state["language"] = "zh"
    assert "文档" in titles(test.run())[0]


def test_a_base_that_cannot_be_opened_is_said_with_what_to_do():
    def opener():
        raise EncoderMismatch("this base holds vectors of another encoder", "run: tadarag reindex")

    test = AppTest.from_function(frame, kwargs={"opener": opener, "place": "mismatch"}, default_timeout=30).run()
    assert not test.exception
    said = "\n".join(str(element.proto) for element in test.main)
    assert "tadarag reindex" in said
    assert "Traceback" not in said
