"""Usage: nbd.py --load PAGELOAD --corpus FILE --image DIRECTORY --out RESULTS [OPTION...]

Starts all servers, drives them by turns in one shape after the other, stops them, and does so again in every round. Appends a line for each
figure to RESULTS: round, server, shape, phase, figure and value between tabs. scripts/bench calls it.
"""

import argparse
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

import servers
import shapes

FIGURES = ("pages_per_s", "p50_us", "p99_us", "p999_us", "cpu_s_per_million")
MOST_ON_A_BLOCK_DEVICE = 64
ONE_PROCESSOR = {min(os.sched_getaffinity(0))}
FIO_MIB = 64


def say(*words):
    print("bench:", *words, file=sys.stderr, flush=True)


class Bench:
    def __init__(self, options, out):
        self.options, self.out = options, out
        self.round = 0

    def record(self, server, shape, phase, **figures):
        for figure, value in figures.items():
            print(self.round, server, shape, phase, figure, value, sep="\t", file=self.out, flush=True)

    def load(self, server, shape, phases, *more):
        """Runs pageload; fails when it found a wrong page."""
        command = [
            self.options.load, "--corpus", self.options.corpus, "--pages", str(self.options.mib * 256),
            "--seconds", str(self.options.seconds), "--seed", str(self.round + 1),
            "--request", str(shape.request), "--depth", str(shape.depth), "--connections", str(shape.connections),
            *server.watch_options(), *more, server.target, *phases,
        ]  # fmt: skip
        if shape.pinned:
            command = ["taskset", "-c", ",".join(map(str, ONE_PROCESSOR)), *command]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"bench: {server.name}, {shape}: pageload ended with status {done.returncode}\n{done.stdout}")
        return [dict(pair.split("=") for pair in line.split()) for line in done.stdout.splitlines()]

    def measure(self, server, shape, phases, *more):
        for line in self.load(server, shape, phases, *more):
            self.record(server.name, shape, line["phase"], **{f: line[f] for f in FIGURES if f in line})

    def begin(self, server, directory):
        """Starts a server and fills it."""
        ready = server.start(directory, self.options.mib)
        self.record(server.name, "-", "start", seconds=f"{ready:.3f}")
        # Whatever compiles as it goes is left to do so; twice, for the first pass makes the server's own memory.
        self.load(server, shapes.SINGLE, ["fill", "mix"])
        self.load(server, shapes.CLUSTERS, ["fill", "read"])
        used, own = server.memory()
        self.record(server.name, "-", "memory", used_per_byte=f"{used / (self.options.mib << 20):.4f}", own_bytes=own)

    def drive(self, server, shape):
        """One server in one shape, where it can have that."""
        if not server.target.startswith("/") or shape.depth * shape.connections <= MOST_ON_A_BLOCK_DEVICE:
            with self.placed(server, shape):
                self.measure(server, shape, self.options.phases)

    @contextlib.contextmanager
    def placed(self, server, shape):
        if shape.pinned:
            server.pin(ONE_PROCESSOR)
        yield
        if shape.pinned:
            server.pin(os.sched_getaffinity(0))

    def fio(self, server, shape):
        """Another client: pages that fio makes and checks."""
        common = [
            "fio", "--name=bench", "--ioengine=nbd", f"--uri={server.target}", "--bs=4k", f"--size={FIO_MIB}M",
            "--verify=crc32c", "--verify_fatal=1", "--buffer_compress_percentage=65", "--refill_buffers",
            "--output-format=json", "--verify_state_save=0",
        ]  # fmt: skip
        timed = ["--time_based", f"--runtime={max(1, round(self.options.seconds))}", f"--iodepth={shape.depth}"]
        steps = (
            ("write", ["--rw=write", "--do_verify=0", *timed]),
            (None, ["--rw=write", "--do_verify=0", "--iodepth=32"]),
            ("read", ["--rw=randread", *timed]),
        )
        for kind, how in steps:
            done = subprocess.run([*common, *how], stdout=subprocess.PIPE, text=True, check=True)
            if kind is None:
                continue
            # fio may say something before the object begins.
            job = json.loads(done.stdout[done.stdout.index("{") :])["jobs"][0][kind]
            latency = {key: value / 1e3 for key, value in job["clat_ns"]["percentile"].items()}
            self.record(
                server.name, shape, f"fio {kind}", pages_per_s=round(job["iops"]),
                p50_us=latency["50.000000"], p99_us=latency["99.000000"], p999_us=latency["99.900000"],
            )  # fmt: skip

    def lz4_alone(self):
        done = subprocess.run(
            [self.options.load, "--corpus", self.options.corpus, "--pages", str(self.options.mib * 256),
             "--seconds", str(self.options.seconds), "lz4"],
            stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        line = dict(pair.split("=") for pair in done.stdout.split())
        self.record("lz4 alone", "-", "lz4", compress_us=line["compress_us"], restore_us=line["restore_us"], ratio=line["ratio"])

    def growth(self, server, directory, gib):
        """The same server with little stored and with much, one beside the other."""
        small, large = (server(self.options.image, name) for name in ("little stored", "much stored"))
        sizes = {small: self.options.mib, large: gib << 10}
        try:
            for each, mib in sizes.items():
                each.start(os.path.join(directory, each.name.replace(" ", "-")), mib)
                self.load(each, shapes.CLUSTERS, ["fill"], "--pages", str(mib * 256))
            for self.round in range(self.options.rounds):
                for each, mib in sizes.items():
                    for shape in (shapes.SINGLE, shapes.CLUSTERS):
                        self.measure(each, shape, ["read", "rewrite"], "--filled", "--pages", str(mib * 256))
        finally:
            small.stop()
            large.stop()


def run_round(bench, chosen, scratch):
    """All servers at a time, each driven for a moment in one shape, then in the next: what else the machine does hits all."""
    options = bench.options
    say(f"round {bench.round + 1} of {options.rounds}")
    # In another order each time: whoever comes first finds the machine as the one before left it.
    turn = bench.round % len(chosen)
    in_turn = chosen[turn:] + chosen[:turn]
    bench.lz4_alone()
    try:
        for number, server in enumerate(in_turn):
            bench.begin(server, scratch / f"{bench.round}-{number}")
        for shape in options.shapes:
            for server in in_turn:
                bench.drive(server, shape)
        for shape in (shapes.ONE_BY_ONE, shapes.SINGLE) if options.fio else ():
            for server in in_turn:
                if not server.target.startswith("/"):
                    bench.fio(server, shape)
    finally:
        for server in in_turn:
            server.stop()


def parse(arguments):
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in ("--load", "--corpus", "--image", "--out"):
        parser.add_argument(name, required=True)
    parser.add_argument("--mib", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--servers", default="")
    parser.add_argument("--shapes", choices=("asked", "all"), default="asked")
    parser.add_argument("--fio", action="store_true")
    parser.add_argument("--growth", type=int, default=0, metavar="GIB")
    options = parser.parse_args(arguments)
    options.phases = ["write", "read"] if options.shapes == "asked" else list(shapes.PHASES)
    options.shapes = shapes.ASKED_SHAPES if options.shapes == "asked" else shapes.ALL_SHAPES
    return options


def choose(names, known):
    """Ours is always among them; without names, all but the one that is there to be asked for."""
    wanted = [name.strip() for name in names.split(",") if name.strip()] or [n for n in known if n != "ramzswap C2"]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        say(f"cannot measure {', '.join(unknown)} here; there are {', '.join(known)}")
        sys.exit(2)
    return [known[name] for name in dict.fromkeys(["ramzswap", *wanted])]


def main(arguments):
    options = parse(arguments)
    chosen = choose(options.servers, servers.all_servers(options.image))
    reason = servers.Zram.reason_against()
    if reason:
        say(f"left out zram: {reason}")
    # A Unix socket's path is short.
    with open(options.out, "a") as out, tempfile.TemporaryDirectory(prefix="ramzswap-bench.") as scratch:
        bench = Bench(options, out)
        if options.growth:
            bench.growth(lambda image, name: servers.Ramzswap(name, image), scratch, options.growth)
            return
        for bench.round in range(options.rounds):
            run_round(bench, chosen, pathlib.Path(scratch))


# Whoever ends it finds no server, device or file left behind.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
try:
    main(sys.argv[1:])
except (RuntimeError, OSError, subprocess.CalledProcessError) as failure:
    sys.exit(f"bench: {failure}")
