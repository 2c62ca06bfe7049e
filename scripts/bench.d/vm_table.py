"""Usage: vm_table.py LOG CIRCUMSTANCES

Prints as Markdown what rate-session told: rates of /dev/nbd0 beside /dev/zram0, and where the time went, medians of all rounds.
"""

import collections
import re
import statistics
import sys

RATE = re.compile(r"^rate (\S+) (\d+) (\d+) (\S+)" + r" (\d+)" * 4 + r"\s*$")
TITLES = {"out": "swap-out", "in-order": "swap-in, in order", "at-random": "swap-in, at random"}


def shown(values):
    return f"{statistics.median(values):,.0f} ({min(values):,}..{max(values):,})"


def main(path, circumstances):
    rates, times = collections.defaultdict(list), collections.defaultdict(list)
    with open(path, errors="replace") as log:
        for match in filter(None, map(RATE.match, log)):
            device, cluster, _, direction, rate, *micros = match.groups()
            rates[device, cluster, direction].append(int(rate))
            times[device, cluster, direction].append([int(each) for each in micros])
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
    print("\nWhere the time of a page went, µs; idle is that of all processors together:\n")
    print("| | page-cluster | from page to page | daemon, own code | daemon, in the kernel | idle | zram: from page to page | idle |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for direction, title in TITLES.items():
        for cluster in "03":
            ours, zram = (
                [1e6 / statistics.median(rates[key]), *map(statistics.median, zip(*times[key]))]
                for key in (("/dev/nbd0", cluster, direction), ("/dev/zram0", cluster, direction))
            )
            shares = (ours[0], *ours[1:], zram[0], zram[3])
            print(f"| {title} | {cluster} | " + " | ".join(f"{share:,.0f}" for share in shares) + " |")


main(*sys.argv[1:])
