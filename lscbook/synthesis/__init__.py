"""What the findings say together: what each is about, counts, profiles of terms, and what changed."""
