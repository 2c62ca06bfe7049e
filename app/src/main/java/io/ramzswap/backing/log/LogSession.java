package io.ramzswap.backing.log;

import io.ramzswap.backing.AlignedMemory;
import io.ramzswap.compress.Compressor;
import io.ramzswap.compress.Compressors;
import io.ramzswap.table.PageWord;
import io.ramzswap.tier.Outcome;
import io.ramzswap.tier.TierSession;
import java.nio.ByteBuffer;

/** A session of a {@link LogStore}. */
final class LogSession implements TierSession {
    private static final int PAGE_BYTES = AlignedMemory.PAGE_BYTES;

    private final LogStore store;
    private final LogReader reader;
    private final Compressors compressors;
    private final DirectPage direct = new DirectPage();

    LogSession(LogStore store, LogReader reader, Compressors compressors) {
        this.store = store;
        this.reader = reader;
        this.compressors = compressors;
    }

    DirectPage direct() {
        return direct;
    }

    @Override
    public long store(int slot, ByteBuffer source, int position, int maxBytes) {
        Compressor compressor = compressors.current();
        ByteBuffer object = direct.object().bytes();
        int length = compressor.compress(source, position, PAGE_BYTES, object, 0);
        if (length > Compressor.MOST_USEFUL_BYTES) {
            object.put(0, source, position, PAGE_BYTES);
            length = PAGE_BYTES;
        }
        return length > maxBytes ? REFUSED : direct.offer(slot, length, compressor.id(), store.writer());
    }

    @Override
    public Outcome load(long word, int slot, ByteBuffer destination, int position) {
        Outcome outcome = reader.read(word, slot);
        if (outcome != Outcome.INTACT) {
            return outcome;
        }
        ByteBuffer object = reader.object().bytes();
        int length = PageWord.length(word);
        if (length == PAGE_BYTES) {
            destination.put(position, object, 0, PAGE_BYTES);
            return Outcome.INTACT;
        }
        int restored =
                compressors.decompress(PageWord.compressor(word), object, 0, length, destination, position, PAGE_BYTES);
        return restored == PAGE_BYTES ? Outcome.INTACT : Outcome.CORRUPT;
    }

    @Override
    public void done() {
        reader.done();
    }

    @Override
    public boolean free(long word, int slot) {
        return store.release(word);
    }

    @Override
    public int bytes(long word) {
        return PageWord.length(word);
    }

    @Override
    public void close() {
        store.close(this);
        reader.close();
        compressors.close();
    }
}
