"""What all visitors of the page share, loaded once in the process that each visitor's kernel is forked from.

Importing this module loads it: libraries, the shipped models and the teaching genome. A forked kernel then shares this
memory until it writes to it, and its first cell answers at once.
"""

import gc
import logging

import ipykernel.ipkernel  # noqa: F401 (a kernel needs it)
import ipykernel.kernelapp  # noqa: F401
import torch

from chromolab.errors import ChromolabError
from chromolab.show.widgets.whatif.lab import WhatIf  # noqa: F401 (the page's first cell needs it)
from chromolab.show.widgets.whatif.session import Session
from chromolab.world.simulate import simulate

torch.set_num_threads(1)  # threads do not survive a fork, and many visitors share the cores
try:
    world = simulate(seed=0, progress=False)
    session = Session(None, world.dataset(progress=False), world)
    session.exact  # noqa: B018 (what the first prediction loads)
    del session, world
except ChromolabError as error:  # the visitor's page says it in its place
    logging.getLogger("chromolab").warning("the page's teaching genome could not be prepared: %s", error)
gc.collect()
gc.freeze()  # a collection in a visitor's kernel would otherwise write to every page of this memory
