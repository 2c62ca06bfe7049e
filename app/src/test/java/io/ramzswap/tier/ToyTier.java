package io.ramzswap.tier;

import io.ramzswap.table.PageWord;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A tier that the product does not have: pages in a map, given back after a while, and now and then not at all. It is all that a
 * fourth tier takes.
 */
public final class ToyTier implements Tier {
    private static final int PAGE = 4096;
    private static final int STEP = 4;
    private static final long WAIT_NANOS = 20_000;

    private final Map<Long, Page> pages = new ConcurrentHashMap<>();

    private record Page(int slot, ByteBuffer bytes) {}

    private final AtomicLong places = new AtomicLong(1);
    private final AtomicInteger requests = new AtomicInteger();
    private final int mostPages;
    private volatile int failuresInThousand;
    private volatile boolean closed;

    /** One that has room for so many pages. */
    public ToyTier(int mostPages) {
        this.mostPages = mostPages;
    }

    /** Has so many of a thousand requests fail from now on. */
    public void fail(int inThousand) {
        failuresInThousand = inThousand;
    }

    /** The pages that it has. */
    public int pages() {
        return pages.size();
    }

    private boolean fails() {
        SplittableRandom random = new SplittableRandom(requests.getAndIncrement());
        return random.nextInt(1000) < failuresInThousand;
    }

    @Override
    public int states() {
        return 1 << PageWord.FIRST_FREE;
    }

    @Override
    public boolean waits() {
        return true;
    }

    @Override
    public int mostBytesAbove() {
        return ANY_BYTES;
    }

    @Override
    public boolean isWilling(long now) {
        return true;
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public TierSession open() {
        return new Session();
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class Session implements TierSession {
        @Override
        public long store(int slot, ByteBuffer source, int position, int maxBytes) {
            if (closed || maxBytes < PAGE || pages.size() >= mostPages || fails()) {
                return REFUSED;
            }
            ByteBuffer page = ByteBuffer.allocate(PAGE).put(0, source, position, PAGE);
            long place = places.getAndIncrement() * STEP;
            pages.put(place, new Page(slot, page));
            return PageWord.inTier(PageWord.FIRST_FREE, 0, PAGE, place);
        }

        @Override
        public Outcome load(long word, int slot, ByteBuffer destination, int position) {
            LockSupport.parkNanos(WAIT_NANOS);
            Page page = pages.get(PageWord.location(word));
            if (page == null || page.slot != slot) {
                return Outcome.OVERTAKEN;
            }
            if (fails()) {
                return Outcome.FAILED;
            }
            destination.put(position, page.bytes, 0, PAGE);
            return Outcome.INTACT;
        }

        @Override
        public void done() {}

        @Override
        public boolean free(long word, int slot) {
            return pages.remove(PageWord.location(word)) != null;
        }

        @Override
        public int bytes(long word) {
            return PAGE;
        }

        @Override
        public void close() {}
    }
}
