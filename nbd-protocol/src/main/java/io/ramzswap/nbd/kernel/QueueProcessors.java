package io.ramzswap.nbd.kernel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which processors' requests go out on which connection. The kernel has a queue for each connection, of the same number, and
 * every processor belongs to one. Source: {@code nbd_queue_rq} in Linux drivers/block/nbd.c; block/blk-mq-sysfs.c.
 */
final class QueueProcessors {
    private QueueProcessors() {}

    /** By the number of the connection; one without processors is never used, and is left out. */
    static SortedMap<Integer, BitSet> of(Path queues) throws IOException {
        final SortedMap<Integer, BitSet> all = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(queues)) {
            for (Path queue : entries) {
                final String list = Files.readString(queue.resolve("cpu_list")).strip();
                if (!list.isEmpty()) {
                    all.put(Integer.valueOf(queue.getFileName().toString()), parse(list));
                }
            }
        }
        return all;
    }

    private static BitSet parse(String list) {
        final BitSet processors = new BitSet();
        for (String item : list.split(",", -1)) {
            final String[] ends = item.strip().split("-", -1);
            processors.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
        }
        return processors;
    }
}
