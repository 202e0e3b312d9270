"""The repetition penalty in transformers' generate: that of Keskar and others (2019), on logits."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from align.translation.penalties import Penalties


class Last:
    """A model whose last step gave these logits."""

    def __init__(self, logits: torch.Tensor) -> None:
        self.logits = logits

    def register_forward_hook(self, hook: Any) -> None:
        self._hook = hook

    def step(self) -> None:
        self._hook(None, None, SimpleNamespace(logits=self.logits[:, None]))


@given(
    st.lists(st.lists(st.floats(-9, 9, width=32), min_size=6, max_size=6), min_size=1, max_size=3),
    st.lists(st.integers(0, 5), max_size=5),
    st.floats(0.5, 2),
)
@settings(deadline=None)
def test_log_probabilities_become_what_penalised_logits_would_give(
    rows: list[list[float]], written: list[int], penalty: float
) -> None:
    logits = torch.tensor(rows)
    expected = logits.clone()
    for index in set(written):  # definition: x / penalty where x is above 0, else x * penalty
        x = logits[:, index]
        expected[:, index] = torch.where(x > 0, x / penalty, x * penalty)
    ids = torch.tensor([[0, *written]] * len(rows))  # 0: from where the decoder starts
    last = Last(logits)
    processors = Penalties(last).processors(penalty, 0)
    last.step()
    for process in processors:
        for scores in (logits, logits.log_softmax(-1)):  # as a greedy search has them, and a beam search
            torch.testing.assert_close(process(ids, scores).log_softmax(-1), expected.log_softmax(-1))


def test_what_another_rule_forbids_stays_forbidden() -> None:
    logits = torch.tensor([[1.0, 2.0, -3.0]])
    last = Last(logits)
    (process,) = Penalties(last).processors(1.5, 0)
    last.step()
    found = process(torch.tensor([[0, 1, 2]]), torch.tensor([[-1.0, -torch.inf, -torch.inf]]))
    assert found.tolist() == [[-1.0, -torch.inf, -torch.inf]]


@pytest.mark.parametrize(("n", "banned"), [(1, {1, 2, 3}), (2, {2}), (3, {3}), (0, set())])
def test_the_start_is_no_part_of_an_n_gram(n: int, banned: set[int]) -> None:
    ids = torch.tensor([[0, 1, 2, 3, 1, 2, 1]]) if n == 2 else torch.tensor([[0, 1, 2, 3, 1, 2]])
    scores = torch.zeros(1, 5)
    for process in Penalties(Last(scores)).processors(1.0, n):
        scores = process(ids, scores)
    assert {index for index in range(5) if scores[0, index] == -torch.inf} == banned
