"""In-silico mutagenesis: what every change of one letter would do to a model's prediction."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from chromolab.errors import ChromolabError

MOST = 5_000  # letters of a sequence
BATCH = 256


@torch.no_grad()
def mutagenesis(model: Callable[[Tensor], Tensor], letters: np.ndarray, output: int = 0) -> np.ndarray:
    """Change each letter to each other one, and predict anew.

    Parameters
    ----------
    model : function of one-hot letters (N, 4, bp) -> (N, outputs)
        Such as a `chromolab.models.sequence.letters.SequenceModel`.
    letters : array (4, bp) or (1, 4, bp)
        One sequence, from `cl.data.one_hot`.
    output : int
        Which of the outputs.

    Returns
    -------
    array (4, bp)
        The change of the prediction with each letter at each place; 0 for the letter that is there, and where no letter
        is known. `importance` turns it into what `cl.plot.logo` draws.

    Raises
    ------
    ChromolabError
        If `letters` is not one sequence of at most 5,000 letters, or the model has no such output.
    """
    one = np.asarray(letters, np.float32)
    one = one[0] if one.ndim == 3 and len(one) == 1 else one
    if one.ndim != 2 or len(one) != 4 or not 1 <= one.shape[1] <= MOST:
        raise ChromolabError(f"letters of shape {np.shape(letters)}; expected one sequence, (4, up to {MOST:,})")
    if isinstance(model, torch.nn.Module):
        model.eval()
    start = torch.from_numpy(one)
    before = model(start[None])
    if not 0 <= output < before.shape[-1]:
        raise ChromolabError(f"output {output}; the model has {before.shape[-1]}, counted from 0")
    new, place = np.nonzero((one == 0) & (one.sum(0) > 0))  # every other letter, where one is known
    out = np.zeros(one.shape)
    for first in range(0, len(new), BATCH):
        row, at = new[first : first + BATCH], place[first : first + BATCH]
        changed = start.repeat(len(row), 1, 1)
        which = torch.arange(len(row))
        changed[which, :, torch.from_numpy(at)] = 0
        changed[which, torch.from_numpy(row), torch.from_numpy(at)] = 1
        out[row, at] = (model(changed)[:, output] - before[0, output]).numpy()
    return out


def importance(effects: np.ndarray, letters: np.ndarray) -> np.ndarray:
    """What each letter that is there brings: minus the mean effect of the three other letters in its place.

    Parameters
    ----------
    effects : array (4, bp)
        From `mutagenesis`.
    letters : array (4, bp) or (1, 4, bp)
        The sequence, one-hot.

    Returns
    -------
    array (4, bp)
        0 but in the row of the letter that is there.
    """
    one = np.asarray(letters, np.float64)
    one = one[0] if one.ndim == 3 else one
    return one * (-effects.sum(0) / 3)
