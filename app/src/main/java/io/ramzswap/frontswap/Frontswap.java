package io.ramzswap.frontswap;

import io.ramzswap.table.PageWord;
import java.nio.ByteBuffer;
import java.util.List;

/** The backends of a device, first choice first. */
public final class Frontswap implements Backend {
    private final List<Backend> backends;

    /** Offers pages to these backends, in this order. No two of them own the same state. */
    public Frontswap(List<Backend> backends) {
        this.backends = List.copyOf(backends);
    }

    @Override
    public boolean owns(int state) {
        return backends.stream().anyMatch(backend -> backend.owns(state));
    }

    @Override
    public BackendSession open() {
        return new Session(backends);
    }

    private static final class Session implements BackendSession {
        private final BackendSession[] inOrder;
        private final BackendSession[] byState = new BackendSession[PageWord.STATES];

        Session(List<Backend> backends) {
            inOrder = new BackendSession[backends.size()];
            for (int i = 0; i < inOrder.length; i++) {
                Backend backend = backends.get(i);
                inOrder[i] = backend.open();
                for (int state = 0; state < byState.length; state++) {
                    if (backend.owns(state)) {
                        byState[state] = inOrder[i];
                    }
                }
            }
        }

        @Override
        public long store(int slot, ByteBuffer source, int position, int maxBytes) {
            for (BackendSession backend : inOrder) {
                long word = backend.store(slot, source, position, maxBytes);
                if (word != REJECTED) {
                    return word;
                }
            }
            return REJECTED;
        }

        @Override
        public boolean load(long word, int slot, ByteBuffer destination, int position) {
            return byState[PageWord.state(word)].load(word, slot, destination, position);
        }

        @Override
        public boolean invalidate(long word, int slot) {
            return byState[PageWord.state(word)].invalidate(word, slot);
        }

        @Override
        public void close() {
            for (BackendSession backend : inOrder) {
                backend.close();
            }
        }
    }
}
