"""Any signal track -> exact bin means, with its scale."""
