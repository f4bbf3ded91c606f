"""Sphinx's settings of the site (`make site`, docs/site.md): nothing asks the network, neither now nor when read."""

import sys
from pathlib import Path
from types import ModuleType

import chromolab
from chromolab.show.site import api

# A notebook types `cl.fit`, and so does the reference: this module hands on chromolab's names without being a package.
alias = ModuleType("cl", chromolab.__doc__)
alias.__getattr__ = lambda name: getattr(chromolab, name)
sys.modules["cl"] = alias
api.write_pages(chromolab, Path(__file__).parent / "api")

project, author, version = "chromolab", "the authors of chromolab", chromolab.__version__
project_copyright = "the authors of chromolab, MIT licence"
language = "en"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "chromolab.show.site.words"]
exclude_patterns = ["LICENSE"]
default_role = "code"  # single backticks of docstrings

myst_enable_extensions = ["attrs_inline", "dollarmath", "html_image"]
myst_heading_anchors = 3
myst_heading_slug_func = "chromolab.show.site.words.slug"
suppress_warnings = ["misc.highlighting_failure"]  # what a shell prints
nb_execution_mode = "off"  # executed copies are read
nb_ipywidgets_js = {}  # by default from a server; here widgets are the site's own
nb_merge_streams = True
nb_code_prompt_show, nb_code_prompt_hide = "Show the code", "Hide the code"
html_math_renderer = "mathml"

autodoc_typehints = "none"  # the docstrings say the types
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_param = False

html_theme = "furo"
html_title = "chromolab"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0072B2", "color-brand-content": "#0072B2"},
    "dark_css_variables": {"color-brand-primary": "#56B4E9", "color-brand-content": "#56B4E9"},
}
html_static_path = ["_static"]
html_css_files = ["quiz.css", "site.css"]
html_js_files = [("quiz.js", {"defer": "defer"}), ("site.js", {"defer": "defer"})]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
pygments_style = "default"
