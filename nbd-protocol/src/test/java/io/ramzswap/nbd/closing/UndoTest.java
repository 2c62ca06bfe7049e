package io.ramzswap.nbd.closing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndoTest {
    private final List<String> ended = new ArrayList<>();

    private String start(boolean fails) throws IOException {
        try (Undo undo = new Undo()) {
            undo.with("memory", ended::add);
            undo.step(() -> ended.add("disk"));
            if (fails) {
                throw new IOException("no disk");
            }
            return undo.done("device");
        }
    }

    @Test
    void shouldLeaveAloneWhatSucceeded() throws IOException {
        assertThat(start(false)).isEqualTo("device");
        assertThat(ended).isEmpty();
    }

    @Test
    void shouldTakeBackInReverseWhatFailed() {
        assertThatThrownBy(() -> start(true)).isInstanceOf(IOException.class).hasMessage("no disk");
        assertThat(ended).containsExactly("disk", "memory");
    }

    @Test
    void shouldTakeBackAllThatItCanAndTellTheFirstFailure() {
        assertThatThrownBy(() -> {
                    try (Undo undo = new Undo()) {
                        undo.with("memory", ended::add);
                        undo.with("disk", disk -> {
                            throw new IOException("stuck");
                        });
                        throw new IOException("no disk");
                    }
                })
                .hasMessage("no disk")
                .satisfies(failure ->
                        assertThat(failure.getSuppressed()[0]).hasMessage("cannot take back what was begun: stuck"));
        assertThat(ended).containsExactly("memory");
    }
}
