"""Agreement, against figures from scikit-learn 1.9.1 (kappa) and statsmodels (Wilson)."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInputError, UnknownNameError
from reports.statistics import Matrix, Pair, Weights, agreement, kappa, matrix, net_direction, wilson

LABELS = ("WTS", "EXS", "GDS")
Y6: Matrix = ((5, 1, 0), (1, 10, 0), (0, 2, 4))
Y2: Matrix = ((5, 0, 0), (2, 11, 0), (0, 1, 4))
KAPPAS: dict[Matrix, tuple[float, float, float]] = {
    Y6: (0.7177914110429447, 0.7616580310880829, 0.8181818181818181),
    Y2: (0.7830188679245282, 0.8150134048257373, 0.8571428571428572),
    ((3, 1, 2), (0, 4, 1), (2, 0, 6)): (0.5128205128205128, 0.4207317073170732, 0.33720930232558133),
    ((0, 4, 1), (3, 0, 2), (1, 2, 0)): (-0.5363636363636364, -0.4233576642335768, -0.293193717277487),
    ((6, 2, 0), (3, 9, 0), (0, 0, 0)): (0.4897959183673469, 0.4897959183673469, 0.4897959183673469),
}
WEIGHTS: tuple[Weights, ...] = get_args(Weights)
judgements = st.sampled_from(LABELS)
some_pairs = st.lists(st.tuples(judgements, judgements), max_size=40)


def spell_out(counts: Matrix) -> list[Pair]:
    cells = [
        (first, second, n)
        for first, row in zip(LABELS, counts, strict=True)
        for second, n in zip(LABELS, row, strict=True)
    ]
    return [(first, second) for first, second, n in cells for _ in range(n)]


@pytest.mark.parametrize("counts", KAPPAS)
def test_kappa_is_what_scikit_learn_computes(counts: Matrix) -> None:
    pairs = spell_out(counts)

    figures = tuple(kappa(pairs, LABELS, weights) for weights in WEIGHTS)

    assert figures == pytest.approx(KAPPAS[counts], abs=1e-12)


def test_the_worked_example_of_year_6() -> None:
    pairs = spell_out(Y6)

    match, lean = agreement(pairs), net_direction(pairs, LABELS)

    assert (match.agreed, match.n, round(match.interval.low, 3), round(match.interval.high, 3)) == (
        19,
        23,
        0.629,
        0.930,
    )
    assert (lean.over, lean.under, lean.net) == (3, 1, 2 / 23)
    assert matrix(pairs, LABELS) == Y6


def test_the_worked_example_of_year_2() -> None:
    pairs = spell_out(Y2)

    match, lean = agreement(pairs), net_direction(pairs, LABELS)

    assert (match.agreed, match.n, round(match.interval.low, 3), round(match.interval.high, 3)) == (
        20,
        23,
        0.679,
        0.955,
    )
    assert (lean.over, lean.under, lean.net) == (3, 0, 3 / 23)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (19, 23, 0.6286235235977385, 0.9302134643693744),
        (0, 5, 0.0, 0.43448246478317487),
        (5, 5, 0.5655175352168252, 1.0),
        (1, 2, 0.09453120573423068, 0.9054687942657693),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson_is_what_statsmodels_computes(successes: int, n: int, low: float, high: float) -> None:
    interval = wilson(successes, n)

    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-7)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share_and_stays_between_0_and_1(one: int, other: int) -> None:
    successes, n = sorted((one, other))

    interval = wilson(successes, n)

    assert 0 <= interval.low <= interval.high <= 1
    assert n == 0 or interval.low - 1e-9 <= successes / n <= interval.high + 1e-9


@given(some_pairs, st.sampled_from(WEIGHTS))
def test_kappa_lies_between_minus_1_and_1_or_is_not_defined(pairs: list[Pair], weights: Weights) -> None:
    figure = kappa(pairs, LABELS, weights)

    one_label_used = len({value for pair in pairs for value in pair}) <= 1
    assert (figure is None) == one_label_used
    assert figure is None or -1 - 1e-9 <= figure <= 1


@given(some_pairs, st.sampled_from(WEIGHTS))
def test_kappa_does_not_ask_who_judged_first(pairs: list[Pair], weights: Weights) -> None:
    swapped = [(second, first) for first, second in pairs]

    assert kappa(pairs, LABELS, weights) == kappa(swapped, LABELS, weights)


@given(some_pairs, st.permutations(LABELS))
def test_unweighted_kappa_does_not_ask_for_the_order_of_labels(
    pairs: list[Pair], shuffled: list[str]
) -> None:
    assert kappa(pairs, LABELS) == kappa(pairs, shuffled)


def test_one_judge_using_one_label_gives_nought_not_nothing() -> None:
    assert kappa([("EXS", "EXS"), ("EXS", "GDS")], LABELS) == 0


def test_a_value_outside_the_labels_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'EXS'"):
        kappa([("EXSS", "EXS")], LABELS)
    with pytest.raises(UnknownNameError):
        net_direction([("EXS", "PK1")], LABELS)


def test_no_pairs_give_no_figures() -> None:
    assert agreement([]).share is None
    assert net_direction([], LABELS).net is None
    assert [kappa([], LABELS, weights) for weights in WEIGHTS] == [None, None, None]


def test_more_successes_than_trials_are_refused() -> None:
    with pytest.raises(InvalidInputError):
        wilson(3, 2)
