"""Usage: zram.py PAGES ALGORITHM

Puts the pages of a file onto a new zram device that compresses with ALGORITHM, drops and rewrites them as AllocatorBench does with objects, and
prints what zsmalloc needs for them: memory used / compressed bytes. The device is removed at the end.
"""

import contextlib
import ctypes
import os
import pathlib
import random
import sys

PAGE = 4096
ROUNDS = 10
CHURN_SHARE = 0.6
SHRINK_SHARE = 0.9
KEEP_SIZE_PUNCH_HOLE = 3

libc = ctypes.CDLL(None, use_errno=True)


@contextlib.contextmanager
def device(bytes_needed, algorithm):
    control = pathlib.Path("/sys/class/zram-control")
    number = (control / "hot_add").read_text().strip()
    sys_dir = pathlib.Path(f"/sys/block/zram{number}")
    try:
        if algorithm not in (sys_dir / "comp_algorithm").read_text().replace("[", "").replace("]", "").split():
            sys.exit(f"zram: this kernel does not offer {algorithm}")
        (sys_dir / "comp_algorithm").write_text(algorithm)
        (sys_dir / "disksize").write_text(str(bytes_needed))
        yield sys_dir, f"/dev/zram{number}"
    finally:
        (control / "hot_remove").write_text(number)


def drop(fd, slots):
    for slot in slots:
        offset = ctypes.c_long(slot * PAGE)
        if libc.fallocate(fd, KEEP_SIZE_PUNCH_HOLE, offset, ctypes.c_long(PAGE)) != 0:
            raise OSError(ctypes.get_errno(), "cannot discard a page of the zram device")


def report(sys_dir, key):
    _, compressed, used = (sys_dir / "mm_stat").read_text().split()[:3]
    print(f"{key}\t{int(used) / int(compressed):.4f}")


def main():
    pages = pathlib.Path(sys.argv[1]).read_bytes()
    count = len(pages) // PAGE
    rng = random.Random(42)
    with device(count * PAGE, sys.argv[2]) as (sys_dir, path):
        fd = os.open(path, os.O_RDWR)
        try:
            store = lambda slot, page: os.pwrite(fd, pages[page * PAGE : page * PAGE + PAGE], slot * PAGE)
            for slot in range(count):
                store(slot, slot)
            os.fsync(fd)
            report(sys_dir, "fresh")
            for _ in range(ROUNDS):
                gone = [slot for slot in range(count) if rng.random() < CHURN_SHARE]
                drop(fd, gone)
                for slot in gone:
                    store(slot, rng.randrange(count))
                os.fsync(fd)
            report(sys_dir, "churn_uncompacted")
            (sys_dir / "compact").write_text("1")
            report(sys_dir, "churn")
            drop(fd, [slot for slot in range(count) if rng.random() < SHRINK_SHARE])
            report(sys_dir, "shrink_uncompacted")
            (sys_dir / "compact").write_text("1")
            report(sys_dir, "shrink")
        finally:
            os.close(fd)


main()
