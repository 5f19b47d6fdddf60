"""From PubMed to the corpus: plan, fetch, prove, merge; by E-utilities, from files, or from the baseline."""
