"""Usage: vm_table.py LOG CIRCUMSTANCES

Prints as Markdown what rate-session told: rates of /dev/nbd0 beside /dev/zram0, medians of all rounds.
"""

import collections
import re
import statistics
import sys

RATE = re.compile(r"^rate (\S+) (\d+) (\d+) (\S+) (\d+)\s*$")
TITLES = {"out": "swap-out", "in-order": "swap-in, in order", "at-random": "swap-in, at random"}


def shown(values):
    return f"{statistics.median(values):,.0f} ({min(values):,}..{max(values):,})"


def main(path, circumstances):
    rates = collections.defaultdict(list)
    with open(path, errors="replace") as log:
        for match in filter(None, map(RATE.match, log)):
            device, cluster, _, direction, rate = match.groups()
            rates[device, cluster, direction].append(int(rate))
    if not rates:
        sys.exit(f"vm_table: no rates in {path}")
    print(f"{circumstances}\n")
    print("| pages a second | page-cluster | ramzswap | zram lz4 | ratio of medians | asked |")
    print("|---|---:|---:|---:|---:|---:|")
    for direction, title in TITLES.items():
        for cluster in "03":
            ours, zram = (rates[device, cluster, direction] for device in ("/dev/nbd0", "/dev/zram0"))
            ratio = statistics.median(ours) / statistics.median(zram)
            asked = "≥ 0.7" if direction == "out" else ""
            print(f"| {title} | {cluster} | {shown(ours)} | {shown(zram)} | {ratio:.2f} | {asked} |")


main(*sys.argv[1:])
