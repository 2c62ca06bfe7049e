package io.ramzswap.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/**
 * The terminal as a screen that is drawn over and over. However the program ends, short of SIGKILL, the terminal is as it was
 * before: by {@link #close}, or by a shutdown hook when a signal ends it.
 */
final class LiveScreen implements AutoCloseable {
    private static final Set<Integer> LEAVING = Set.of((int) 'q', (int) 'Q', 3, NonBlockingReader.EOF);
    private static final int LOOK_MILLIS = 200;
    private static final int LOOK_OFTEN_MILLIS = 10;
    private static final int FALLBACK_COLUMNS = 80;
    private static final int FALLBACK_ROWS = 24;

    /** The cursor is invisible: where it is left does not matter. */
    private static final int LEAVE_CURSOR = -1;

    private final Terminal terminal;
    private final Display display;
    private final boolean colours = Terminals.coloursAreWelcome();
    private final Attributes original;
    private final Thread restoring = new Thread(this::restore, "restore-terminal");
    private volatile boolean resized;
    private Size size;
    private boolean restored;

    private LiveScreen(Terminal terminal) {
        this.terminal = terminal;
        this.display = new Display(terminal, true);
        this.original = terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        // ^C comes as a key like q. ^Z would leave the shell with a screen that is not its own, so it is none.
        raw.setLocalFlag(LocalFlag.ISIG, false);
        terminal.setAttributes(raw);
        Runtime.getRuntime().addShutdownHook(restoring);
        takeSize();
        terminal.handle(Terminal.Signal.WINCH, signal -> resized = true);
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        terminal.flush();
    }

    /** Takes the terminal that standard input and output are. */
    static LiveScreen open() throws IOException {
        // stty does it: JLine's native way sets a terminal's speed to 0, at which a serial line hangs up.
        return new LiveScreen(TerminalBuilder.builder()
                .system(true)
                .dumb(false)
                .provider(TerminalBuilder.PROP_PROVIDER_EXEC)
                .build());
    }

    int columns() {
        return size.getColumns();
    }

    int rows() {
        return size.getRows();
    }

    /** Takes a process of its own, so the terminal is asked only when it says that it has changed. */
    private void takeSize() {
        Size told = terminal.getSize();
        size = told.getColumns() > 0 && told.getRows() > 0 ? told : new Size(FALLBACK_COLUMNS, FALLBACK_ROWS);
        display.resize(size.getRows(), size.getColumns());
        display.clear();
    }

    /** Shows these lines, of the screen's width at most, and nothing else; draws what has changed. */
    synchronized void show(List<AttributedString> lines) {
        if (!restored) {
            // The display keeps the list and changes it when lines have moved.
            display.update(
                    lines.stream()
                            .limit(rows())
                            .map(line -> colours ? line : new AttributedString(line.toString()))
                            .collect(Collectors.toCollection(ArrayList::new)),
                    LEAVE_CURSOR);
        }
    }

    /** What woke {@link #await}. */
    enum Event {
        /** The time is over. */
        TIME,
        /** The terminal has another size. */
        RESIZED,
        /** The user wants to leave. */
        QUIT
    }

    /** Waits so long, or until something happens. */
    Event await(long millis) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        NonBlockingReader keys = terminal.reader();
        while (true) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return Event.TIME;
            }
            int key = keys.read(Math.min(left, LOOK_MILLIS));
            if (LEAVING.contains(key)) {
                return Event.QUIT;
            }
            if (resized) {
                resized = false;
                takeSize();
                return Event.RESIZED;
            }
        }
    }

    /** Waits for {@code something}; false if the user wants to leave before. */
    boolean awaitUnlessLeft(Future<?> something) throws IOException {
        NonBlockingReader keys = terminal.reader();
        while (!something.isDone()) {
            if (LEAVING.contains(keys.read(LOOK_OFTEN_MILLIS))) {
                return false;
            }
        }
        return true;
    }

    private synchronized void restore() {
        if (!restored) {
            restored = true;
            terminal.puts(Capability.exit_ca_mode);
            terminal.puts(Capability.cursor_normal);
            terminal.flush();
            terminal.setAttributes(original);
        }
    }

    @Override
    public void close() throws IOException {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(restoring);
        } catch (IllegalStateException e) {
            // It is running already, and finds nothing left to do.
            return;
        }
        terminal.close();
    }
}
