import chromolab.learn.compare as compare
import chromolab.learn.edit as edits
import chromolab.learn.explain as explain
import chromolab.learn.metrics as metrics
import chromolab.learn.truth as truth
import chromolab.show.figures as plot
import chromolab.show.notebooks.exercises as exercises

from . import data, defaults, models
from .data.dataset.build import build_dataset
from .data.dataset.combine import concat, pairs
from .data.dataset.dataset import Dataset, load_dataset
from .data.dataset.published import read_published
from .data.doctor.doctor import doctor
from .data.public.fetch import fetch
from .data.samples.real import real
from .errors import ChromolabError
from .learn.edit.apply import edit, edit_each
from .learn.edit.effect import effect
from .learn.edit.kinds import add_pcre, drop_pcre, erase, paint, scale, set_depth, set_frequency
from .learn.prediction import predict
from .learn.train.fit import cross_validate, fit, fit_many
from .models.checkpoints import load_checkpoint, pretrained, save_checkpoint
from .models.chromoformer import Chromoformer
from .show.experiments.store import results_of
from .show.experiments.sweep import sweep
from .show.notebooks.output import key_figure
from .show.notebooks.results import results
from .show.report.build import build
from .show.widgets.browser.browser import TrackBrowser
from .show.widgets.glassbox.box import GlassBox
from .show.widgets.quiz.quiz import Quiz
from .show.widgets.whatif.lab import WhatIf
from .world.simulate import simulate

__version__: str
__all__ = [
    "Chromoformer",
    "ChromolabError",
    "Dataset",
    "GlassBox",
    "Quiz",
    "TrackBrowser",
    "WhatIf",
    "add_pcre",
    "build",
    "build_dataset",
    "compare",
    "concat",
    "cross_validate",
    "data",
    "defaults",
    "doctor",
    "drop_pcre",
    "edit",
    "edit_each",
    "edits",
    "effect",
    "erase",
    "exercises",
    "explain",
    "fetch",
    "fit",
    "fit_many",
    "key_figure",
    "load_checkpoint",
    "load_dataset",
    "metrics",
    "models",
    "paint",
    "pairs",
    "plot",
    "predict",
    "pretrained",
    "read_published",
    "real",
    "results",
    "results_of",
    "save_checkpoint",
    "scale",
    "set_depth",
    "set_frequency",
    "simulate",
    "sweep",
    "truth",
]
