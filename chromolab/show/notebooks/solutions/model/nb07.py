"""Solutions of notebook 07: dealing chromosomes to folds, and early stopping."""

from chromolab.show.notebooks.exercises import exercise


def _in_turn(sizes: dict, n: int) -> dict:
    return {chrom: i % n + 1 for i, chrom in enumerate(sorted(sizes, key=lambda c: -sizes[c]))}


def _greedy(sizes: dict, n: int, order, load) -> dict:
    """Deal in this order, each chromosome to the fold with the least `load(total, number of chromosomes)`."""
    total, count, fold_of = [0] * n, [0] * n, {}
    for chrom in order:
        at = min(range(n), key=lambda k: load(total[k], count[k]))
        total[at], count[at], fold_of[chrom] = total[at] + sizes[chrom], count[at] + 1, at + 1
    return fold_of


@exercise(
    cases=[
        ({"chr1": 5, "chr2": 4, "chr3": 3, "chr4": 2}, 2),
        ({"chr1": 1, "chr2": 9, "chr3": 3, "chr4": 3, "chr5": 2}, 2),
        ({f"chr{i}": (i * 37) % 101 + 20 for i in range(1, 20)}, 4),
    ],
    hints=[
        "sorted(sizes, key=lambda c: -sizes[c]) sorts the chromosomes by falling number of genes; ties keep their order.",
        "Keep the number of genes in each fold so far: total = [0] * n.",
        "total.index(min(total)) is the emptiest fold, the first of them in a tie; folds are counted from 1.",
    ],
    mistakes={
        "Dealt in turn, like cards: put each chromosome into the fold with the fewest genes so far.": _in_turn,
        "Take the chromosomes by falling number of genes, not in the order given.": lambda s, n: _greedy(
            s, n, s, lambda total, count: total
        ),
        "The largest should be dealt first, not the smallest.": lambda s, n: _greedy(
            s, n, sorted(s, key=lambda c: s[c]), lambda total, count: total
        ),
        "This counts chromosomes; the fold with the fewest genes is next.": lambda s, n: _greedy(
            s, n, sorted(s, key=lambda c: -s[c]), lambda total, count: count
        ),
        "Folds are numbered from 1.": lambda s, n: {
            c: k - 1 for c, k in _greedy(s, n, sorted(s, key=lambda c: -s[c]), lambda total, count: total).items()
        },
    },
)
def deal(sizes, n):
    """Chromosome -> fold 1 to n, with about as many genes in each: the largest first, into the emptiest fold."""
    total, fold_of = [0] * n, {}
    for chrom in sorted(sizes, key=lambda c: -sizes[c]):
        emptiest = total.index(min(total))
        total[emptiest] += sizes[chrom]
        fold_of[chrom] = emptiest + 1
    return fold_of


def _first_rise(losses: list, patience: int) -> tuple:
    """Counts every rise; does not restart at a new lowest loss."""
    waited = best = 0
    for i, loss in enumerate(losses):
        best, waited = (i, waited) if loss < losses[best] else (best, waited + (i > 0))
        if waited == patience:
            return best + 1, i + 1
    return best + 1, len(losses)


def _against_the_epoch_before(losses: list, patience: int) -> tuple:
    waited = 0
    for i in range(1, len(losses)):
        waited = 0 if losses[i] < losses[i - 1] else waited + 1
        if waited == patience:
            return losses.index(min(losses[: i + 1])) + 1, i + 1
    return losses.index(min(losses)) + 1, len(losses)


@exercise(
    cases=[
        ([0.7, 0.5, 0.6, 0.65, 0.4], 2),
        ([0.7, 0.6, 0.5], 2),
        ([0.7, 0.5, 0.6, 0.55, 0.4, 0.45, 0.41, 0.42, 0.3], 3),
        ([0.9, 0.8, 0.85, 0.75, 0.8, 0.7, 0.75, 0.72], 2),
        ([0.5, 0.6, 0.55, 0.52, 0.51], 3),
    ],
    hints=[
        "Go through the epochs and keep the best one so far.",
        "At every epoch: is `epoch - best` already as large as the patience?",
        "for epoch, loss in enumerate(losses, 1): first update the best, then ask whether to stop.",
    ],
    mistakes={
        "When training stops, later epochs are not known: look only at the epochs that were run.": lambda losses, patience: (
            losses.index(min(losses)) + 1,
            len(losses),
        ),
        "Epochs are counted from 1.": lambda losses, patience: tuple(e - 1 for e in stop(losses, patience)),
        "A new lowest loss restarts the patience.": _first_rise,
        "Compare with the lowest loss so far, not with the epoch before.": _against_the_epoch_before,
        "The weights that are kept are those of the best epoch, not of the last.": lambda losses, patience: (
            (stop(losses, patience)[1],) * 2
        ),
    },
)
def stop(losses, patience):
    """(epoch whose weights are kept, last epoch run), counted from 1."""
    best = 1
    for epoch, loss in enumerate(losses, 1):
        if loss < losses[best - 1]:
            best = epoch
        if epoch - best >= patience:
            return best, epoch
    return best, len(losses)
