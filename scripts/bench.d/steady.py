"""Usage: steady.py --load PAGELOAD --corpus FILE --image DIRECTORY --requests N --mib N --depth N

Prints, as a Markdown table, the latencies of so many requests to ramzswapd, in peace and while its statistics are asked for,
and to zram, and how often the daemon collected garbage meanwhile. scripts/bench calls it.
"""

import argparse
import contextlib
import json
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading

import servers

MOST_SECONDS = 3600
WARM_UP_REQUESTS = 500_000
POLLS_A_SECOND = 100
FIGURES = ("p50_us", "p99_us", "p999_us", "max_us")


class Pollster(threading.Thread):
    """Asks the daemon for its statistics, as a person's terminal does, only more often."""

    def __init__(self, control):
        super().__init__(daemon=True)
        self.control, self.answers, self.ended = control, 0, threading.Event()

    def run(self):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(self.control)
            lines = client.makefile("rw")
            while not self.ended.wait(1 / POLLS_A_SECOND):
                lines.write('{"v":1, "operation":"list"}\n')
                lines.flush()
                if "devices" not in json.loads(lines.readline()):
                    raise RuntimeError("the daemon does not tell its statistics")
                self.answers += 1

    def end(self):
        self.ended.set()
        self.join()


def collections(log):
    return sum("Pause" in line for line in log.read_text().splitlines())


def drive(options, server, requests, phases):
    command = [
        options.load, "--corpus", options.corpus, "--pages", str(options.mib * 256), "--seconds", str(MOST_SECONDS),
        "--depth", str(options.depth), "--connections", "2", "--most", str(requests), server.target, *phases,
    ]  # fmt: skip
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"bench: {server.name}: pageload ended with status {done.returncode}\n{done.stdout}")
    return dict(pair.split("=") for pair in done.stdout.splitlines()[-1].split())


def row(name, figures, collected):
    cells = [name, f"{int(figures['pages']):,}", f"{float(figures['pages_per_s']):,.0f}"]
    cells += [f"{float(figures[figure]):,.1f}" for figure in FIGURES]
    print(f"| {' | '.join(cells)} | {collected} |", flush=True)


@contextlib.contextmanager
def started(server, directory, mib):
    server.start(directory, mib)
    try:
        yield server
    finally:
        server.stop()


def measure_ramzswap(options, scratch):
    log = scratch / "gc.log"
    ours = servers.Ramzswap("ramzswap", options.image, {"RAMZSWAP_JAVA_OPTIONS": f"-Xlog:gc:file={log}"})
    with started(ours, scratch / "ramzswap", options.mib):
        drive(options, ours, WARM_UP_REQUESTS, ["fill", "mix"])
        before = collections(log)
        figures = drive(options, ours, options.requests, ["fill", "mix"])
        in_peace = collections(log) - before
        row("ramzswap", figures, in_peace)
        pollster = Pollster(ours.control())
        pollster.start()
        figures = drive(options, ours, options.requests, ["fill", "mix"])
        pollster.end()
        polled = collections(log) - before - in_peace
        row(f"ramzswap, asked for statistics {pollster.answers:,} times", figures, polled)
    return in_peace


def main(arguments):
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in ("--load", "--corpus", "--image"):
        parser.add_argument(name, required=True)
    for name in ("--requests", "--mib", "--depth"):
        parser.add_argument(name, type=int, required=True)
    options = parser.parse_args(arguments)
    print("| | requests | a second | p50, µs | p99 | p99.9 | longest | collections |\n|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="ramzswap-bench.") as directory:
        scratch = pathlib.Path(directory)
        in_peace = measure_ramzswap(options, scratch)
        if servers.Zram.reason_against() is None:
            with started(servers.Zram("lz4"), scratch / "zram", options.mib) as zram:
                row("zram lz4", drive(options, zram, options.requests, ["fill", "mix"]), "")
    if in_peace > 0:
        sys.exit(f"bench: requests alone led to {in_peace} collections; a request allocates nothing")


# Whoever ends it finds no server, device or file left behind.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
try:
    main(sys.argv[1:])
except (RuntimeError, OSError, subprocess.CalledProcessError) as failure:
    sys.exit(f"bench: {failure}")
