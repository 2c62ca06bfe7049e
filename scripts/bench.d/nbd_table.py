"""Usage: nbd_table.py RESULTS CIRCUMSTANCES BARS

Prints what nbd.py measured as Markdown: what is asked beside what was seen, then every shape. Writes to BARS what is to be
plotted: chart, group, bar and value between tabs. A figure is the median of all rounds, with the least and the most.
"""

import collections
import statistics
import sys

import shapes

OURS = "ramzswap"
NONE = "–"


class Results:
    def __init__(self, path):
        self.values = collections.defaultdict(dict)
        self.servers, self.shapes, self.phases = [], [], []
        with open(path) as lines:
            for line in lines:
                number, server, shape, phase, figure, value = line.rstrip("\n").split("\t")
                self.values[server, shape, phase, figure][number] = float(value)
                for seen, name in ((self.servers, server), (self.shapes, shape), (self.phases, phase)):
                    if name not in seen:
                        seen.append(name)

    def rounds(self, server, shape, phase, figure):
        """The figure of each round that has it."""
        return self.values.get((server, str(shape), phase, figure), {})

    def median(self, *key):
        values = self.rounds(*key).values()
        return statistics.median(values) if values else None


def plain(value, digits):
    return f"{value:,.{digits}f}"


def shown(values, digits=0):
    if not values:
        return NONE
    values = list(values)
    middle = plain(statistics.median(values), digits)
    return middle if len(values) == 1 else f"{middle} ({plain(min(values), digits)}..{plain(max(values), digits)})"


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |")


def head(*cells):
    row(*cells)
    print("|---" + "|---:" * (len(cells) - 1) + "|")


def ratio(middle, spread, digits=2):
    """The ratio of two medians, with the ratios of the rounds."""
    if middle is None or not spread:
        return NONE
    return f"{middle:.{digits}f} ({min(spread):.{digits}f}..{max(spread):.{digits}f})"


def rate_over_peer(results, asked):
    """Our rate over that of the best peer, who that is, and the ratio of each round."""
    rates = {
        peer: results.median(peer, asked.shape_of_peer(), asked.phase, "pages_per_s")
        for peer in asked.peers
        if results.rounds(peer, asked.shape_of_peer(), asked.phase, "pages_per_s")
    }
    ours = results.rounds(OURS, asked.shape, asked.phase, "pages_per_s")
    if not rates or not ours:
        return None, None, []
    best = max(rates, key=rates.get)
    theirs = results.rounds(best, asked.shape_of_peer(), asked.phase, "pages_per_s")
    return best, statistics.median(ours.values()) / rates[best], [ours[n] / theirs[n] for n in ours if n in theirs]


def verdict(value, least=None, most=None):
    if value is None:
        return NONE
    return "yes" if (least is None or value >= least) and (most is None or value <= most) else "no"


def asked_of_rates(results):
    for asked in shapes.ASKED:
        best, middle, spread = rate_over_peer(results, asked)
        peer = best or " or ".join(asked.peers)
        if asked.peer_shape:
            peer += ", four threads"
        row(asked.title(), peer, f"≥ {asked.least} ×", ratio(middle, spread), verdict(middle, least=asked.least))


def asked_of_memory(results):
    ours, zram = (results.median(name, "-", "memory", "used_per_byte") for name in (OURS, "zram lz4"))
    both = ours and zram
    row("memory used / original", "zram lz4", "≤ 1.0 ×", f"{ours / zram:.2f}" if both else NONE,
        verdict(ours / zram if both else None, most=1))  # fmt: skip


def asked_of_processor_time(results):
    ours = results.rounds(OURS, shapes.CLUSTERS, "write", "cpu_s_per_million")
    alone = results.rounds("lz4 alone", "-", "lz4", "compress_us")
    both = [ours[number] / alone[number] for number in ours if number in alone]
    middle = statistics.median(ours.values()) / statistics.median(alone.values()) if both else None
    row(f"processor time of a page written ({shapes.CLUSTERS})", "lz4 compression alone", "≤ 1.6 ×", ratio(middle, both),
        verdict(middle, most=1.6))  # fmt: skip


def asked_of_start(results):
    values = results.rounds(OURS, "-", "start", "seconds").values()
    row("start to ready, s", NONE, "≤ 1", shown(values, 2), verdict(statistics.median(values) if values else None, most=1))


def asked_of_growth(results):
    for shape in (shapes.SINGLE, shapes.CLUSTERS):
        for phase in ("read", "rewrite"):
            much, little = (results.rounds(f"{name} stored", shape, phase, "pages_per_s") for name in ("much", "little"))
            if much and little:
                middle = statistics.median(much.values()) / statistics.median(little.values())
                spread = [much[number] / little[number] for number in much]
                row(f"{shape}, {phase}, much stored", "little stored", "≥ 0.9 ×", ratio(middle, spread), verdict(middle, least=0.9))


def asked_table(results):
    print("## What is asked\n")
    head("ramzswap", "beside", "asked", "seen", "reached")
    asked_of_rates(results)
    asked_of_memory(results)
    asked_of_processor_time(results)
    asked_of_start(results)
    asked_of_growth(results)


def figure_table(results, servers, title, figure, digits):
    keys = [
        (shape, phase)
        for shape in results.shapes
        for phase in results.phases
        if any(results.rounds(server, shape, phase, figure) for server in servers)
    ]
    if keys:
        print(f"\n## {title}\n")
        head("", *servers)
    for shape, phase in keys:
        row(f"{shape}, {phase}", *(shown(results.rounds(server, shape, phase, figure).values(), digits) for server in servers))


def footprint_table(results, servers):
    print("\n## Memory and start\n")
    head("", *servers)
    for title, phase, figure, scale, digits in (
        ("memory used for a byte stored", "memory", "used_per_byte", 1, 3),
        ("the process beside that, MiB", "memory", "own_bytes", 1 << 20, 0),
        ("start to ready, s", "start", "seconds", 1, 3),
    ):
        row(title, *(shown([v / scale for v in results.rounds(s, "-", phase, figure).values()], digits) for s in servers))


def write_bars(results, servers, path):
    with open(path, "w") as bars:
        for phase in results.phases:
            for shape in results.shapes:
                for server in servers:
                    rate = results.median(server, shape, phase, "pages_per_s")
                    if rate is not None:
                        print(f"{phase}, thousand pages/s", shape, server, rate / 1000, sep="\t", file=bars)


def main(path, circumstances, bars):
    results = Results(path)
    print(f"{circumstances}\n")
    print("Medians of all rounds, and in brackets the least and the most; a ratio is one of medians, its brackets hold the")
    print("ratios of single rounds. Every page that was read was compared with what had been written.\n")
    asked_table(results)
    alone = results.rounds("lz4 alone", "-", "lz4", "compress_us").values()
    restore = results.rounds("lz4 alone", "-", "lz4", "restore_us").values()
    print(f"\nlz4 alone, µs a page: {shown(alone, 2)} to compress, {shown(restore, 2)} to restore.")
    servers = [server for server in results.servers if server != "lz4 alone"]
    footprint_table(results, servers)
    for title, figure, digits in (
        ("Pages a second", "pages_per_s", 0),
        ("Latency of a request, µs: median", "p50_us", 1),
        ("99 of 100", "p99_us", 1),
        ("999 of 1000", "p999_us", 1),
        ("Processor seconds for a million pages, of the server (of zram: of the kernel)", "cpu_s_per_million", 2),
    ):
        figure_table(results, servers, title, figure, digits)
    write_bars(results, servers, bars)


main(*sys.argv[1:])
