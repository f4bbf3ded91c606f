"""Numbers from models: training, scores, edits and explanations."""
