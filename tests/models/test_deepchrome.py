"""models/deepchrome: folds of a convolution train in one stack."""

from helpers.training import QUIET

import chromolab as cl


def test_folds_of_a_convolution_train_together(ds):
    def make():
        return cl.models.DeepChrome(ds.marks, bins=20, seed=0)

    plain = [
        cl.cross_validate(make, ds, folds=[1, 2], epochs=1, together=together, **QUIET) for together in (False, True)
    ]
    assert plain[0].metrics["auc"].notna().all()  # dropout draws other masks: the same models, not the same numbers
    assert (plain[0].predictions["gene_id"] == plain[1].predictions["gene_id"]).all()
