"""What scripts/bench nbd drives servers with, and what is asked of the figures."""

import dataclasses

PHASES = ("write", "read", "mix")


@dataclasses.dataclass(frozen=True)
class Shape:
    """How requests come: pages in each, how many at a time on a connection, and whether all share one processor."""

    request: int
    depth: int
    connections: int
    pinned: bool = False

    def __str__(self):
        pages = "1 page" if self.request == 1 else f"{self.request} pages"
        connections = "" if self.connections == 1 else f", {self.connections} connections"
        return f"{pages}, depth {self.depth}{connections}{', one core' if self.pinned else ''}"


ONE_BY_ONE = Shape(1, 1, 1)
PINNED = Shape(1, 1, 1, pinned=True)
SINGLE = Shape(1, 32, 1)
CLUSTERS = Shape(32, 4, 1)
CLUSTERS_TWICE = Shape(32, 4, 2)

# Those that something is asked of.
ASKED_SHAPES = (ONE_BY_ONE, PINNED, SINGLE, CLUSTERS, CLUSTERS_TWICE)
ALL_SHAPES = tuple(
    Shape(request, depth, connections)
    for request in (1, 32)
    for depth in (1, 4, 32, 128)
    for connections in (1, 2)
    if (request, depth) != (1, 4)
) + (PINNED,)

UNCOMPRESSED = ("nbdkit sparse", "nbdkit malloc")


@dataclasses.dataclass(frozen=True)
class Asked:
    """A rate of ours over the best of some peers', and what it is to be at least."""

    shape: Shape
    phase: str
    peers: tuple
    least: float
    peer_shape: Shape = None

    def title(self):
        return f"{self.shape}, {self.phase}"

    def shape_of_peer(self):
        return self.peer_shape or self.shape


ASKED = (
    Asked(ONE_BY_ONE, "write", UNCOMPRESSED, 1.25),
    Asked(ONE_BY_ONE, "read", UNCOMPRESSED, 1.75),
    Asked(PINNED, "write", UNCOMPRESSED, 1.6),
    Asked(PINNED, "read", UNCOMPRESSED, 2.4),
    Asked(SINGLE, "write", UNCOMPRESSED, 1.2),
    Asked(SINGLE, "read", UNCOMPRESSED, 1.5),
    Asked(CLUSTERS, "read", UNCOMPRESSED, 1.0),
    Asked(CLUSTERS_TWICE, "read", UNCOMPRESSED, 1.15),
    Asked(CLUSTERS, "write", UNCOMPRESSED, 0.45),
    Asked(CLUSTERS_TWICE, "write", UNCOMPRESSED, 0.6),
    Asked(SINGLE, "write", ("nbdkit zstd",), 10),
    # Four threads, a request each.
    Asked(CLUSTERS_TWICE, "write", ("zram lz4",), 0.6, CLUSTERS),
    Asked(CLUSTERS_TWICE, "read", ("zram lz4",), 0.7, CLUSTERS),
)
