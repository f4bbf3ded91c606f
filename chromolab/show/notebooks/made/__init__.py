"""What is made from the notebooks, or written into them, and held equal: the cards, and the map of the paper."""
