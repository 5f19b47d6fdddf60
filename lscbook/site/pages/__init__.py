"""A page for every paper and every term, beside the pages of the book."""
