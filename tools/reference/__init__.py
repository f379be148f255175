"""The pages of docs/ that are made from the code: `python -m tools.reference` (or `make reference`) writes them."""
