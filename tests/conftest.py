"""What holds for all tests: a search for counterexamples asserts no time, for machines differ and other work runs beside."""

from hypothesis import settings

settings.register_profile("tadarag", deadline=None)
settings.load_profile("tadarag")
