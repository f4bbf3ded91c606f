"""Files become labelled arrays: intervals, tracks, genes and contacts, gathered into a dataset.

Nothing is imported here, so that ``import chromolab.data`` costs nothing; import the room you need.
"""
