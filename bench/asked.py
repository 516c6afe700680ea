"""``make bench``: what is asked of the portal, measured in one run; last, what is reached of it."""

import argparse
import os
import sys

from . import __main__ as cold
from . import life, warm


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="for each address")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args()
    ratio, map_cost = cold.compare(options)
    print()
    shares = warm.show(warm.measure(2, 3, options.workers))
    print()
    start, first, memory = life.measure(5)
    kept = [share for name, share in shares.items() if name != "empty view" and not name.endswith("304")]
    known = [share for name, share in shares.items() if name.endswith("304")]
    print("\n| what | asked | measured | reached |\n| --- | ---: | ---: | --- |")
    for what, asked, measured, is_reached in (
        (
            "warm list, map, record, data: share of the empty view",
            "60%",
            f"{min(kept):.0%}",
            min(kept) >= 0.6,
        ),
        ("304 of a list: share of it", "80%", f"{min(known):.0%}", min(known) >= 0.8),
        ("cold filtered list: Datasette's processor by ours", "6 x", f"{ratio:.1f} x", ratio >= 6),
        ("cold map page, processor", "20 ms", f"{map_cost:.1f} ms", map_cost <= 20),
        ("memory of a worker that keeps all it may", "150 MB", f"{memory:.0f} MB", memory <= 150),
        ("second start to first answer", "2 s", f"{start:.1f} s", start <= 2),
        ("first request after an edit, common page", "50 ms", f"{first:.0f} ms", first <= 50),
    ):
        print(f"| {what} | {asked} | {measured} | {'yes' if is_reached else 'NO'} |")


if __name__ == "__main__":
    sys.exit(main())
