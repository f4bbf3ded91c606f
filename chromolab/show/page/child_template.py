"""What all visitors of the page share, loaded once in the process that each visitor's kernel is forked from.

Importing this module loads it: libraries, the shipped models and the teaching genome. A forked kernel then shares this
memory until it writes to it, and its first cell answers at once.
"""

import gc
import logging

import ipykernel.debugger  # noqa: F401 (a kernel loads it, whether it may be used or not)
import ipykernel.ipkernel  # noqa: F401 (a kernel needs it)
import ipykernel.kernelapp  # noqa: F401
import torch

from chromolab.errors import ChromolabError
from chromolab.show.page import child_watch, stages
from chromolab.show.widgets.whatif.lab import WhatIf  # noqa: F401 (the page's first cell needs it)
from chromolab.show.widgets.whatif.session import Session
from chromolab.world.simulate import simulate

torch.set_num_threads(1)  # threads do not survive a fork, and many visitors share the cores
try:
    stages.done(1)
    world = simulate(seed=0, progress=False)
    dataset = world.dataset(progress=False)
    stages.done(2)
    session = Session(None, dataset, world)
    session.exact  # noqa: B018 (what the first prediction loads)
    del session, dataset, world
except ChromolabError as error:  # the visitor's page says it in its place
    logging.getLogger("chromolab").warning("the page's teaching genome could not be prepared: %s", error)
finally:
    stages.done(3)
child_watch.end()
gc.collect()
gc.freeze()  # a collection in a visitor's kernel would otherwise write to every page of this memory
