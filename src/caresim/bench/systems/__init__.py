"""The real systems: what each was reported to do, beside what its scenario does when it is run."""
