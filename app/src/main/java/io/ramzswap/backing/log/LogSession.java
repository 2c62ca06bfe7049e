package io.ramzswap.backing.log;

import io.ramzswap.backing.AlignedMemory;
import io.ramzswap.backing.BackingSession;
import io.ramzswap.compress.Compressor;
import io.ramzswap.table.PageWord;
import java.nio.ByteBuffer;

/** A session of a {@link LogStore}. */
final class LogSession implements BackingSession {
    private static final int PAGE_BYTES = AlignedMemory.PAGE_BYTES;

    private final LogStore store;
    private final LogReader reader;
    private final Compressor compressor;
    private final DirectPage direct = new DirectPage();

    LogSession(LogStore store, LogReader reader, Compressor compressor) {
        this.store = store;
        this.reader = reader;
        this.compressor = compressor;
    }

    DirectPage direct() {
        return direct;
    }

    @Override
    public long write(int slot, ByteBuffer source, int position) {
        ByteBuffer object = direct.object().bytes();
        int length = compressor.compress(source, position, PAGE_BYTES, object, 0);
        if (length > Compressor.MOST_USEFUL_BYTES) {
            object.put(0, source, position, PAGE_BYTES);
            length = PAGE_BYTES;
        }
        return direct.offer(slot, length, compressor.id(), store.writer());
    }

    @Override
    public Outcome read(long word, int slot, ByteBuffer destination, int position) {
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
        boolean restored = PageWord.compressor(word) == compressor.id()
                && compressor.decompress(object, 0, length, destination, position, PAGE_BYTES) == PAGE_BYTES;
        return restored ? Outcome.INTACT : Outcome.CORRUPT;
    }

    @Override
    public void done() {
        reader.done();
    }

    @Override
    public boolean release(long word) {
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
        compressor.close();
    }
}
