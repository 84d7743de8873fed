"""Contract suites that outsiders inherit, and the test doubles that the house ships."""
