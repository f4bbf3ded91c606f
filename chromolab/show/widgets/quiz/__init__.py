"""The quiz at the end of a notebook: five questions, and for each wrong choice the reason and where to read."""
