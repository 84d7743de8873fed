import pytest

from tadarag.documents.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The cat is on the mat and it was not happy.", "en"),
        ("Ferry fares", "en"),
        ("渡轮票价从十月起上涨。", "zh"),
        ("館長阮霽川說，MV Tessaly 回來了。", "zh"),
        ("これは日本語のテキストです。", "und"),
        ("Le chat est sur la table et il ne veut pas manger la souris du jardin", "und"),
        ("Der Hund lief durch den Garten und die Katze schlief auf dem Dach des Hauses", "und"),
        ("12345 67", "und"),
        ("", "und"),
    ],
)
def test_english_and_chinese_are_told_from_the_rest(text, language):
    assert detect_language(text) == language
