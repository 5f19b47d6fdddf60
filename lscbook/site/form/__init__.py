"""The form of the page *Contribute*."""
