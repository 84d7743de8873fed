import mom

TOPICS = {
    "puffin": "The puffin colony of Skomer grew by {} birds after the mild winter, said the warden.",
    "turbine": "Engineer number {} raised the output of the turbine at the old power station.",
    "waltz": "The orchestra played waltz number {} of the composer in the opera of Vienna.",
}


def sentences(topic: str, n: int = 12) -> list[str]:
    return [TOPICS[topic].format(number) for number in range(2, n + 2)]


def beginnings(text: str, max_length: int = 400) -> list[int]:
    return [item.span.start for item in mom.build(text, max_length=max_length).items]


def test_a_blank_line_is_a_better_place_to_cut_than_a_space() -> None:
    same = [TOPICS["puffin"].format(number) for number in range(28)]
    text = f"{' '.join(same[:11])}\n\n{' '.join(same[11:])}"
    assert text.index(same[11]) in beginnings(text, 320)


def test_blank_lines_after_every_sentence_change_no_cut() -> None:
    everything = [*sentences("puffin"), *sentences("turbine"), *sentences("waltz")]
    spaced, listed = " ".join(everything), "\n\n".join(everything)
    cuts = [[text[start : start + 40] for start in beginnings(text)] for text in (spaced, listed)]
    assert cuts[0] == cuts[1]
    assert len(cuts[0]) == 3


def test_an_edit_of_one_section_moves_no_cut_of_another() -> None:
    body = " ".join([*sentences("puffin"), *sentences("waltz")])
    texts = [f"# One\n\n{other}\n\n# Two\n\n{body}\n" for other in ("Short.", " ".join(sentences("turbine", 40)))]
    kept = [[item.span.of(text) for item in mom.build(text, max_length=200).items if "Two" in item.path] for text in texts]
    assert kept[0] == kept[1]
    assert len(kept[0]) > 1
