"""The search over prose, findings, papers and terms."""
