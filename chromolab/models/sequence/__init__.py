"""Models of letters: what stands in a sequence (`SequenceModel`), what touches what (`ContactHead`), and letters beside
marks in one transformer (`MultiOmics`).

The article ends in an outlook: find the elements that touch a promoter from sequence, and join sequence and epigenome.
These are our small proposals.
"""
