import numpy as np
import pytest

from tadarag.training.selector.calibration import fit_logistic


def test_probabilities_of_a_known_curve_are_found_again():
    generator = np.random.default_rng(4)
    scores = generator.normal(size=20_000)
    answers = generator.random(20_000) < 1 / (1 + np.exp(-(2.0 * scores - 1.0)))
    slope, offset = fit_logistic(scores, answers)
    assert slope == pytest.approx(2.0, abs=0.1)
    assert offset == pytest.approx(-1.0, abs=0.1)


def test_the_mean_probability_is_the_share_of_answers():
    scores = np.array([0.0, 0.0, 1.0, 1.0, 1.0, 2.0])
    answers = np.array([False, False, True, False, True, True])
    slope, offset = fit_logistic(scores, answers)
    assert (1 / (1 + np.exp(-(slope * scores + offset)))).mean() == pytest.approx(0.5, abs=1e-4)


@pytest.mark.parametrize("answers", [[True, True], [False, False]])
def test_there_is_no_curve_without_answers_and_others(answers):
    with pytest.raises(ValueError, match="answer and others"):
        fit_logistic(np.array([0.0, 1.0]), np.array(answers))
