package io.ramzswap.backing.log;

import io.ramzswap.backing.AlignedMemory;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import io.ramzswap.tier.Outcome;
import io.ramzswap.tier.TierSink;
import java.util.concurrent.TimeUnit;

/**
 * Makes segments free that are full of gaps: copies what is live in them to the open segment. Those with the least to copy go
 * first. Which pages lie in them the page table tells, which is gone through once for all of them, a part at a time.
 *
 * <p>A pass takes no more than finds room in what is kept for it, whatever else is added meanwhile: {@link LogWriter} adds
 * nothing else once that is all that is free. So it ends with the segments empty that it began with. A pass that meets with a disk
 * out of order waits, and keeps its room: it goes on once the disk takes the batch, and reads again what it could not.
 */
final class Cleaner {
    private static final int MOST_VICTIMS = 32;
    private static final int PAGE_BYTES = AlignedMemory.PAGE_BYTES;
    /** A segment with less to gain than an eighth is left. */
    private static final int LEAST_GAIN_SHARE = 8;

    private static final int SLOTS_A_STEP = 8192;
    private static final int OBJECTS_A_STEP = 64;
    /** Of so many segments one more is kept free than the reserve. */
    private static final int SPARE_SHARE = 32;

    private static final int LEAST_SPARE = 2;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** A pass that gained nothing is not followed by another at once. */
    private static final long VAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** The first pause before objects that the disk did not give are read again. Each further pause is twice as long. */
    private static final long REREAD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** The longest pause. */
    private static final long MOST_REREAD_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Segments with objects that could not be read so often, for some twenty seconds, are left alone for a while. */
    private static final int MOST_REREADS = 25;

    private final LogStore store;
    private final LogWriter writer;
    private final LogGeometry geometry;
    private final Segments segments;
    private final int[] victims = new int[MOST_VICTIMS];
    private int victimCount;
    private int slot;
    private LogReader reader;
    private int unread;
    private int rereads;
    private long rereadAt;
    private boolean isVain;
    private long finished;
    private boolean anyStuck;
    private long stuckSince;

    Cleaner(LogStore store, LogWriter writer, LogGeometry geometry, Segments segments) {
        this.store = store;
        this.writer = writer;
        this.geometry = geometry;
        this.segments = segments;
    }

    void begin() {
        reader = store.openReader();
    }

    /** Also where it could not begin. */
    void end() {
        if (reader != null) {
            reader.close();
        }
    }

    /** Whether a pass is going on. */
    boolean isActive() {
        return victimCount > 0;
    }

    /** Does some of it, if there is need. Returns whether something was done. */
    boolean step(TierSink.Owner owner) {
        if (victimCount == 0 && (!isNeeded() || !choose())) {
            return false;
        }
        return goOn(owner, SLOTS_A_STEP, OBJECTS_A_STEP);
    }

    /** Makes a whole pass, need or not, because a page waits for room. Returns whether it gained any. */
    boolean cleanAll(TierSink.Owner owner) {
        if (victimCount == 0 && !choose()) {
            return false;
        }
        while (victimCount > 0) {
            if (!goOn(owner, Integer.MAX_VALUE, OBJECTS_A_STEP)) {
                return false;
            }
        }
        return !isVain;
    }

    private boolean isNeeded() {
        if (isVain && System.nanoTime() - finished < VAIN_NANOS) {
            return false;
        }
        int spare = Math.max(LEAST_SPARE, geometry.segments() / SPARE_SHARE);
        return !segments.hasMoreFreeThan(writer.reserve() + spare);
    }

    /**
     * Chooses segments whose live objects find room in the free segments that are kept for that. One by itself finds room in one
     * segment, or in what is left of the open one.
     */
    private boolean choose() {
        forgiveTheStuck();
        int free = segments.free();
        int limit = geometry.segmentBytes() - geometry.segmentBytes() / LEAST_GAIN_SHARE;
        long room = (long) Math.min(free, writer.reserve()) * usableBytes();
        int roomForOne = free > 0 ? limit : writer.roomInOpen();
        for (int next = least(limit); next != Segments.NONE && victimCount < MOST_VICTIMS; next = least(limit)) {
            room -= segments.live(next);
            if (room < 0 && (victimCount > 0 || segments.live(next) > roomForOne)) {
                break;
            }
            segments.setState(next, Segments.VICTIM);
            victims[victimCount++] = next;
        }
        slot = 0;
        return victimCount > 0;
    }

    /** Of a segment: the next object may be too long for the rest of it, and what is flushed ends with a page. */
    private int usableBytes() {
        return geometry.segmentBytes() - Math.max(geometry.segmentBytes() / LEAST_GAIN_SHARE, 2 * PAGE_BYTES);
    }

    /** The sealed segment with the least in it, but not nothing; less than {@code limit}. */
    private int least(int limit) {
        int found = Segments.NONE;
        long least = limit;
        for (int segment = 0; segment < segments.count(); segment++) {
            long live = segments.live(segment);
            if (live > 0 && live < least && segments.state(segment) == Segments.SEALED) {
                found = segment;
                least = live;
            }
        }
        return found;
    }

    private void forgiveTheStuck() {
        if (anyStuck && System.nanoTime() - stuckSince > RETRY_NANOS) {
            anyStuck = false;
            for (int segment = 0; segment < segments.count(); segment++) {
                if (segments.state(segment) == Segments.STUCK) {
                    segments.setState(segment, Segments.SEALED);
                }
            }
        }
    }

    /** Returns whether the pass went on; it does not while it waits for the disk. */
    private boolean goOn(TierSink.Owner owner, int mostSlots, int mostObjects) {
        if (writer.isHeldUp() && !writer.flush(owner) && writer.isHeldUp()) {
            return false;
        }
        if (slot == 0 && rereads > 0 && System.nanoTime() - rereadAt < 0) {
            return false;
        }
        PageTable table = store.table();
        int slots = store.slots();
        int objects = 0;
        for (int seen = 0; slot < slots && seen < mostSlots && objects < mostObjects; seen++) {
            long word = table.get(slot);
            if (PageWord.state(word) == PageWord.ON_DISK && isVictim(word)) {
                if (!move(word, owner)) {
                    return false;
                }
                objects++;
            }
            slot++;
        }
        if (slot >= slots) {
            writer.flush(owner);
            if (writer.isHeldUp()) {
                return false;
            }
            endScan();
        }
        return true;
    }

    private void endScan() {
        if (unread == 0 || rereads == MOST_REREADS) {
            finish();
            return;
        }
        rereadAt = System.nanoTime() + Math.min(REREAD_NANOS << rereads, MOST_REREAD_NANOS);
        rereads++;
        unread = 0;
        slot = 0;
    }

    private boolean isVictim(long word) {
        return store.contains(word) && segments.state(store.segmentOf(word)) == Segments.VICTIM;
    }

    /**
     * Moves an object that is read intact. Any other stays where it is: a session that reads it is told.
     *
     * @return false if the disk refused the batch that the object needs room after: it is to be moved later
     */
    private boolean move(long word, TierSink.Owner owner) {
        Outcome outcome = reader.read(word, slot);
        boolean moved = outcome != Outcome.INTACT || writer.move(slot, word, reader.object());
        if (!moved) {
            writer.flush(owner);
            moved = !writer.isHeldUp() && writer.move(slot, word, reader.object());
            if (!moved && !writer.isHeldUp()) {
                // Nor will any other find room.
                slot = store.slots();
                moved = true;
            }
        }
        reader.done();
        if (outcome == Outcome.FAILED) {
            unread++;
        }
        if (outcome == Outcome.CORRUPT || (outcome == Outcome.FAILED && rereads == MOST_REREADS)) {
            setStuck(store.segmentOf(word));
        }
        return moved;
    }

    private void setStuck(int segment) {
        segments.setState(segment, Segments.STUCK);
        anyStuck = true;
        stuckSince = System.nanoTime();
    }

    private void finish() {
        int gained = 0;
        for (int i = 0; i < victimCount; i++) {
            gained += segments.live(victims[i]) == 0 ? 1 : 0;
            if (segments.state(victims[i]) == Segments.VICTIM) {
                segments.setState(victims[i], Segments.SEALED);
            }
        }
        victimCount = 0;
        unread = 0;
        rereads = 0;
        isVain = gained == 0;
        finished = System.nanoTime();
    }
}
