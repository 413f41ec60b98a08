"""Installs Layerloom and starts it: python3 packaging/start.py [install | test | bench]."""
# This file alone must be readable by any Python, so that an old one can say what is needed.

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Layerloom needs Python 3.11 or newer and this is Python %d.%d: start it with a newer one, such as"
        " python3.12 packaging/start.py, or get one from python.org." % sys.version_info[:2]
    )

from launch import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
