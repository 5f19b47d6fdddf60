"""The evidence browser: one table of all findings, with filters, and the view in the address."""
