"""Widgets for JupyterLab and Voila: small, drawn on canvases, served from files of the package, asking nobody else."""
