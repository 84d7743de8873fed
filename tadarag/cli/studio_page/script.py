"""Run by streamlit; see the package."""

import sys

from tadarag.cli.studio_page import main

main(sys.argv[1])
