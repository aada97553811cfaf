#!/usr/bin/env python3
"""Answers after a while that all is right: what waiting costs, without a model.

    slow.py [--seconds 0.3]
"""

import argparse
import time

from delegate import KEEP, run


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=float, default=0.3, help="until an answer (0.3)")
    seconds = parser.parse_args().seconds

    def answer(_request, _deadline):
        time.sleep(seconds)
        return KEEP

    # As many as the filter asks at once, by default.
    run(answer, parallel=64)


if __name__ == "__main__":
    main()
