"""The contacts of a `my.yaml`: tables and matrices that are read, and elements that touch by their distance."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from chromolab.data.contacts.by_distance import contacts_by_distance, read_elements
from chromolab.data.contacts.formats import read_contacts
from chromolab.data.project.config import Config

# of contacts: what is said elsewhere, and what `assign_pcres` takes
NOT_READ = {"file", "source", "of", "elements", "promoter_flank", "cis_only", "min_frequency"}


def contact_tables(config: Config, paths: Mapping[str, Path], genes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """{cell type: contacts}. A table that several name is read once; a matrix is read only near the genes.

    Parameters
    ----------
    config : Config
    paths : {cell type: its file of contacts or of elements}
    genes : gene table
        Of all cell types. Elements touch the promoters of these genes, from the edge of the promoter window to 500 kb.
    """
    read, tables = {}, {}
    for cell, path in paths.items():
        given = config.cell_types[cell].contacts
        options = given.model_dump(exclude=NOT_READ, exclude_defaults=True)
        options |= {"bins": config.place(options["bins"])} if "bins" in options else {}
        key = (path, given.elements is not None, str(options))
        if key not in read:
            with config.placed("cell_types", cell, "contacts"):
                if given.elements is None:
                    read[key] = read_contacts(path, genes=genes, progress=False, **options)
                else:
                    read[key] = contacts_by_distance(genes, read_elements(path), nearest=config.window // 2)
        tables[cell] = read[key]
    return tables
