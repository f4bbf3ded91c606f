"""Models of letters: what stands in a sequence (`SequenceModel`), and what touches what (`ContactHead`).

The article ends in an outlook: find the elements that touch a promoter from sequence. These are our small proposals.
"""
