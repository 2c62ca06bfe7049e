"""The servers that scripts/bench nbd measures: how each is started, reached, asked what it takes, and stopped."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

PAGE = 4096
READY_SECONDS = 60


def resident_bytes(pid):
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


class NbdServer:
    """A process that serves one export on a Unix socket."""

    def __init__(self, name, command, environment=None):
        self.name, self.command, self.environment = name, command, environment or {}
        self.process = self.directory = None

    def start(self, directory, mib):
        """Starts it and waits until it greets a client; tells how many seconds that took."""
        self.directory = pathlib.Path(directory)
        self.directory.mkdir()
        self.socket = self.directory / "socket"
        command = self.command(self, mib)
        started = time.monotonic()
        with open(self.directory / "log", "wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **self.environment}
            )
        self.await_greeting(started + READY_SECONDS)
        seconds = time.monotonic() - started
        self.own_bytes = resident_bytes(self.process.pid)
        return seconds

    def await_greeting(self, deadline):
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
                client.connect(str(self.socket))
                if client.recv(8) == b"NBDMAGIC":
                    return
            time.sleep(0.005)
        said = (self.directory / "log").read_text(errors="replace").strip().splitlines()
        self.stop()
        raise RuntimeError(f"{self.name} does not come up: {said[-1] if said else 'it says nothing'}")

    @property
    def target(self):
        return f"nbd+unix:///?socket={self.socket}"

    def watch_options(self):
        return ["--server", str(self.process.pid)]

    def memory(self):
        """Bytes that the pages take, and bytes of the process beside them, as far as they can be told apart."""
        resident = resident_bytes(self.process.pid)
        # Who takes all its memory at the start has it in what it had then.
        own = self.own_bytes if self.own_bytes < resident / 2 else 0
        return resident - own, own

    def pin(self, processors):
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            with contextlib.suppress(ProcessLookupError):  # a thread of a connection that has just ended
                os.sched_setaffinity(int(task), processors)

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None
        if self.directory is not None:
            shutil.rmtree(self.directory, ignore_errors=True)


class Ramzswap(NbdServer):
    """Ours. It tells itself what the pages take: tables, gaps and allocator included."""

    def __init__(self, name, image, environment=None):
        super().__init__(name, lambda server, mib: server.command_line(mib), environment)
        self.image = image

    def command_line(self, mib):
        return [f"{self.image}/bin/ramzswapd", "--listen", f"unix:{self.socket}", "--control", self.control(),
                "--disksize", f"{mib}M"]  # fmt: skip

    def control(self):
        return str(self.directory / "control")

    def memory(self):
        answer = subprocess.run(
            [f"{self.image}/bin/rzscontrol", "--control", self.control(), "stats", "--json"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        told = json.loads(answer.stdout)
        return told["devices"][0]["memUsedTotalBytes"], told["daemon"]["ownBytes"]


class QemuNbd(NbdServer):
    """A file in memory behind qemu-nbd: its bytes are the file's, and none are in the process."""

    def __init__(self):
        super().__init__("qemu-nbd tmpfs", lambda server, mib: server.command_line(mib))
        self.file = None

    def command_line(self, mib):
        self.file = pathlib.Path(f"/dev/shm/ramzswap-bench.{os.getpid()}")
        with open(self.file, "wb") as file:
            file.truncate(mib << 20)
        return ["qemu-nbd", "--format=raw", "--persistent", "--shared=8", "--cache=writeback", "--discard=unmap",
                f"--socket={self.socket}", str(self.file)]  # fmt: skip

    def memory(self):
        return self.file.stat().st_blocks * 512, resident_bytes(self.process.pid)

    def stop(self):
        super().stop()
        if self.file is not None:
            self.file.unlink(missing_ok=True)


class Zram:
    """The kernel's own compressed block device; whoever reads and writes it does the work, in system calls."""

    control = pathlib.Path("/sys/class/zram-control")

    def __init__(self, algorithm):
        self.name, self.algorithm, self.number = f"zram {algorithm}", algorithm, None

    @classmethod
    def reason_against(cls):
        if os.geteuid() != 0:
            return "that takes root"
        return None if (cls.control / "hot_add").exists() else "this kernel has no zram, or its module is not loaded"

    def start(self, _directory, mib):
        started = time.monotonic()
        self.number = (self.control / "hot_add").read_text().strip()
        self.sys = pathlib.Path(f"/sys/block/zram{self.number}")
        offered = (self.sys / "comp_algorithm").read_text().replace("[", "").replace("]", "").split()
        if self.algorithm not in offered:
            self.stop()
            raise RuntimeError(f"this kernel's zram has no {self.algorithm}")
        (self.sys / "comp_algorithm").write_text(self.algorithm)
        (self.sys / "disksize").write_text(str(mib << 20))
        return time.monotonic() - started

    @property
    def target(self):
        return f"/dev/zram{self.number}"

    def watch_options(self):
        return []

    def memory(self):
        return int((self.sys / "mm_stat").read_text().split()[2]), 0

    def pin(self, _processors):
        pass

    def stop(self):
        if self.number is not None:
            (self.control / "hot_remove").write_text(self.number)
            self.number = None


def nbdkit(allocator):
    def command(server, mib):
        return ["nbdkit", "--foreground", "--unix", str(server.socket), "memory", f"{mib}M", f"allocator={allocator}"]

    return NbdServer(f"nbdkit {allocator}", command)


def all_servers(image):
    """Every server that this machine can run, by name."""
    servers = [Ramzswap("ramzswap", image), nbdkit("sparse"), nbdkit("malloc"), nbdkit("zstd"), QemuNbd()]
    if Zram.reason_against() is None:
        servers += [Zram("lz4"), Zram("lzo-rle")]
    # As where there is TLS: with the JVM's second compiler.
    both_compilers = {"RAMZSWAP_JAVA_OPTIONS": "-XX:TieredStopAtLevel=4 -XX:CICompilerCount=2 -XX:ReservedCodeCacheSize=16m"}
    servers.append(Ramzswap("ramzswap C2", image, both_compilers))
    return {server.name: server for server in servers}
