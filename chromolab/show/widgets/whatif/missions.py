"""Five missions in the teaching genome: what to do, and whether it is done. All of it is simulated.

They are for the genes of `cl.simulate(seed=0)`, which the models that ship have not seen, and for these models.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chromolab.learn.edit.kinds import DropPcre, Paint, Scale
from chromolab.learn.edit.recipes import ACTIVE
from chromolab.show.widgets.whatif.session import Session, shipped
from chromolab.world.parameters import Parameters

UNCHANGED = 0.05  # log2(RPKM + 1): a smaller true change is none


@dataclass(frozen=True)
class Mission:
    """What to do with a gene, and what it shows; `done` tells from a session of the gene whether its edits do it."""

    name: str
    text: str
    hint: str
    learnt: str
    gene_id: str
    cell_type: str
    done: Callable[[Session], bool]


def chance(session: Session) -> float:
    """The mean predicted chance that the gene as edited is expressed."""
    return float(session.after["classification"].mean())


def change(session: Session) -> float:
    """The mean predicted change of log2(RPKM + 1)."""
    return float((session.after["regression"] - session.before["regression"]).mean())


def true_change(session: Session) -> float | None:
    """The true change of log2(RPKM + 1); None where the genome has no answer."""
    true = session.true_effects()
    return None if true is None else true.change


def one_stroke(session: Session) -> bool:
    """One edit of a track brings the chance below 0.5."""
    return len(session.edits) == 1 and isinstance(session.edits[0], Scale | Paint) and chance(session) < 0.5


def woken(session: Session) -> bool:
    """The marks of open promoters alone bring the chance above 0.7."""
    return all(getattr(e, "mark", "") in ACTIVE for e in session.edits) and chance(session) > 0.7


def right_contact(session: Session) -> bool:
    """The one contact is cut that raises the prediction."""
    return [type(e) for e in session.edits] == [DropPcre] and change(session) <= -0.05


def convinced(session: Session) -> bool:
    """The models expect at least 1 more, and truly nothing changes."""
    true = true_change(session) if change(session) >= 1 else None
    return true is not None and abs(true) < UNCHANGED


def missed(session: Session) -> bool:
    """The gene truly falls by at least 2 more than the models expect."""
    true = true_change(session)
    return true is not None and true <= change(session) - 2


MISSIONS = (
    Mission(
        "one stroke",
        "The models give this gene a good chance of being expressed. Bring it below 0.5 with a single stroke: one edit "
        "in the list, no more.",
        "Which mark do Polycomb proteins leave? Paint it high, over some 6 kb around the start of the gene.",
        "A mark of silencing weighs more in these models than the loss of one active mark, for which others stand in.",
        "SIMG00727",
        "simA1",
        one_stroke,
    ),
    Mission(
        "wake a silent gene",
        "This gene is silent. Bring its chance above 0.7 with marks of open promoters alone: every edit paints "
        "H3K4me3, H3K9ac or H3K27ac.",
        "Look at SIMG00727, which is active (tab Compare), and paint such peaks over the start of this gene.",
        "The models read these marks as a sign of an active gene. Whether painting them wakes it, the genome cannot "
        "say: marks follow causes.",
        "SIMG00732",
        "simA1",
        woken,
    ),
    Mission(
        "the right contact",
        "One contact of this gene counts for far more in its prediction than the others do. Cut it, and no other.",
        "Cut one, look at the change, and take it back (undo) before you cut the next.",
        "Even this one moves the prediction by a tenth or two: contacts tell these models next to nothing.",
        "SIMG00909",
        "simA1",
        right_contact,
    ),
    Mission(
        "a consequence that convinces",
        "Raise the predicted level by at least 1, so that the true level stays where it is.",
        "Which mark only follows transcription? Paint it high over the first 8 kb of the gene's body.",
        "H3K36me3 is a consequence. A model that predicts well may take it for a cause, and then a what-if misleads.",
        "SIMG00724",
        "simA1",
        convinced,
    ),
    Mission(
        "what the models miss",
        "Make an edit after which the gene truly falls by at least 2 more than the models expect.",
        "In this genome a promoter without its active marks is shut. Erase one, such as H3K9ac, around the start.",
        "Where marks come together, a model lets one stand in for another; the promoter does not.",
        "SIMG00728",
        "simA1",
        missed,
    ),
)


def offered(session: Session) -> list[dict]:
    """The missions, where the lab shows the genome that they are for, to the models that ship: else none.

    Each is {"name", "text", "hint", "learnt", "gene_id", "cell_type", "solved"}.
    """
    if session.world is None or session.world.parameters != Parameters() or session.models is not shipped()[0]:
        return []
    genes = session.dataset.genes
    genes = genes[genes["gene_id"].isin([m.gene_id for m in MISSIONS])]  # few: they are looked up after every edit
    known = set(zip(genes["gene_id"], genes["cell_type"], strict=True))
    names = ("name", "text", "hint", "learnt", "gene_id", "cell_type")
    return [
        {name: getattr(m, name) for name in names} | {"solved": m.name in session.solved}
        for m in MISSIONS
        if (m.gene_id, m.cell_type) in known
    ]


def solved(session: Session) -> list[str]:
    """Names of the missions that have been solved, with that of the gene shown, if its edits do it now."""
    if session.edits and offered(session):
        gene, cell = session.gene.genes.iloc[0][["gene_id", "cell_type"]]
        session.solved |= {m.name for m in MISSIONS if (m.gene_id, m.cell_type) == (gene, cell) and m.done(session)}
    return [m.name for m in MISSIONS if m.name in session.solved]
