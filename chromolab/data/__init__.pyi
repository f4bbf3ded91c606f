from .bodies.whole_genes import gene_bodies, whole_genes
from .contacts.by_distance import called_places, contact_at, contacts_by_distance
from .contacts.formats import contact_kinds, read_contacts
from .contacts.pcres import assign_pcres
from .dataset.build import add_track
from .dataset.published import parse_neighbours
from .dataset.recalibration import presence, read_quantiles, recalibrate, track_quantiles
from .denovo.candidates import best_candidates, candidate_pairs, candidates, rankings
from .denovo.region_motifs import with_motifs
from .denovo.with_pcres import with_pcres
from .genes.annotation import exon_lengths, read_annotation
from .genes.expression import read_expression
from .genes.folds import assign_folds
from .genes.gene_table import gene_table
from .genes.units import normalise_expression
from .project.deepchrome import read_deepchrome
from .project.in_memory import read_project
from .sequence.fasta import one_hot, sequences
from .sequence.motifs import Motif, read_motifs
from .sequence.sites import motif_sites
from .tracks.bin_means import bin_means
from .tracks.guess_scale import guess_scale
from .tracks.reads import BedGraph, Reads, reads_to_bigwig

__all__ = [
    "BedGraph",
    "Motif",
    "Reads",
    "add_track",
    "assign_folds",
    "assign_pcres",
    "best_candidates",
    "bin_means",
    "called_places",
    "candidate_pairs",
    "candidates",
    "contact_at",
    "contact_kinds",
    "contacts_by_distance",
    "exon_lengths",
    "gene_bodies",
    "gene_table",
    "guess_scale",
    "motif_sites",
    "normalise_expression",
    "one_hot",
    "parse_neighbours",
    "presence",
    "rankings",
    "read_annotation",
    "read_contacts",
    "read_deepchrome",
    "read_expression",
    "read_motifs",
    "read_project",
    "read_quantiles",
    "reads_to_bigwig",
    "recalibrate",
    "sequences",
    "track_quantiles",
    "whole_genes",
    "with_motifs",
    "with_pcres",
]
