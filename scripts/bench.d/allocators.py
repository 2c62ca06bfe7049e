"""Usage: allocators.py RESULTS MIB TABLE PLOT

Makes a Markdown table and an SVG plot of what scripts/bench allocators measured.
"""

import collections
import pathlib
import sys

SPACE = [
    ("fresh", "fresh fill: used / asked for"),
    ("churn_uncompacted", "ten rounds of churn"),
    ("churn", "ten rounds of churn, compacted"),
    ("shrink_uncompacted", "90 % freed: used / what is left"),
    ("shrink", "90 % freed, compacted"),
    ("metadata_percent", "metadata outside objects, % of used"),
]
SPEED = [
    ("pair_ns_hot_median", "allocate + free, objects in cache, ns median"),
    ("pair_ns_cold_median", "allocate + free, random objects, ns median"),
    ("two_over_one", "two threads / one"),
    ("churn_compaction_mb_per_s", "compaction after churn, MB/s"),
    ("shrink_compaction_mb_per_s", "compaction after freeing, MB/s"),
    ("quiet_us_p99.9", "exchange, µs p99.9"),
    ("compacting_us_p99.9", "exchange while compacting, µs p99.9"),
    ("compacting_us_p99.99", "exchange while compacting, µs p99.99"),
]
COLOURS = ["#2b6cb0", "#2f855a", "#b7791f", "#9b2c2c", "#6b46c1"]


def read(path):
    results = collections.defaultdict(dict)
    for line in pathlib.Path(path).read_text().splitlines():
        allocator, workload, key, value = line.split("\t")
        results[workload].setdefault(allocator, {})[key] = float(value)
    return results


def shown(value, digits):
    return "–" if value is None else f"{value:.{digits}f}"


def table(results, mib):
    lines = [f"Allocators, {mib} MiB of objects; memory used counts frames, control areas and the arena's metadata.", ""]
    for workload, columns in results.items():
        names = list(columns)
        lines += [f"### {workload}", "", "| | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
        for rows, digits in ((SPACE, 3), (SPEED, 1)):
            for key, title in rows:
                precise = 2 if key == "two_over_one" else digits
                cells = [shown(columns[name].get(key), precise) for name in names]
                lines.append(f"| {title} | " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines)


def plot(results):
    """Bars of memory used / asked for, a group for each state, a row for each workload."""
    states = [row for row in SPACE if row[0] in ("fresh", "churn", "shrink")]
    names = sorted({name for columns in results.values() for name in columns})
    bar, group, row, left, scale = 22, 190, 190, 120, 120
    width, height = left + group * len(states) + 40, row * len(results) + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for i, name in enumerate(names):
        parts.append(f'<rect x="{left + i * 100}" y="12" width="12" height="12" fill="{COLOURS[i]}"/>')
        parts.append(f'<text x="{left + i * 100 + 18}" y="22">{name}</text>')
    for y, (workload, columns) in enumerate(results.items()):
        base = 40 + (y + 1) * row - 40
        parts.append(f'<text x="10" y="{base - 60}">{workload}</text>')
        parts.append(f'<line x1="{left}" y1="{base}" x2="{width - 20}" y2="{base}" stroke="black"/>')
        for x, (key, title) in enumerate(states):
            start = left + x * group
            parts.append(f'<text x="{start}" y="{base + 16}" font-size="10">{title.split(":")[0]}</text>')
            for i, name in enumerate(names):
                value = columns.get(name, {}).get(key)
                if value is None:
                    continue
                # From 1 up, cut off at 2: what is drawn is what is wasted.
                tall = max(1.0, min(1.0, value - 1) * scale)
                at = start + i * (bar + 8)
                parts.append(
                    f'<rect x="{at}" y="{base - tall:.1f}" width="{bar}" height="{tall:.1f}" fill="{COLOURS[i]}"/>'
                )
                parts.append(f'<text x="{at - 2}" y="{base - tall - 3:.1f}" font-size="9">{value:.3f}</text>')
    parts.append("</svg>")
    return "\n".join(parts)


def main():
    results, mib, table_path, plot_path = read(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    pathlib.Path(table_path).write_text(table(results, mib) + "\n")
    pathlib.Path(plot_path).write_text(plot(results) + "\n")


main()
