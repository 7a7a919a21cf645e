"""What all tests share: how examples are found by hypothesis."""

from hypothesis import settings

# The same examples every time, and no limit on how long one may take: a test that fails must be
# one that can be run again, on any machine, however busy. `--hypothesis-profile=search` looks for
# new ones.
settings.register_profile("same_examples", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("same_examples")
