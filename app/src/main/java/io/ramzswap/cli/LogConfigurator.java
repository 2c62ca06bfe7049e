package io.ramzswap.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * Sets the log up: lines on standard error, written by a thread of its own. Found by Logback through the class path.
 *
 * <p>In code and not in a file, because Logback reads a file with an XML parser and reflection: seven hundred classes that
 * the daemon would keep locked in memory for good.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {
    /** Lines that wait for a reader who is slow, as a journal that is swapped out is. */
    private static final int QUEUE_LENGTH = 256;

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(System.getProperty(Logging.LEVEL), Level.INFO));
        root.addAppender(queue(context, lines(context)));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static Appender<ILoggingEvent> lines(LoggerContext context) {
        LineLayout layout = new LineLayout(Boolean.getBoolean(Logging.TIME));
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> lines = new ConsoleAppender<>();
        lines.setContext(context);
        lines.setTarget("System.err");
        lines.setEncoder(encoder);
        lines.start();
        return lines;
    }

    /** Whoever logs never waits: when the queue is full, the line is lost. */
    private static Appender<ILoggingEvent> queue(LoggerContext context, Appender<ILoggingEvent> lines) {
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(context);
        queue.setName("log");
        queue.setQueueSize(QUEUE_LENGTH);
        queue.setDiscardingThreshold(0);
        queue.setNeverBlock(true);
        queue.addAppender(lines);
        queue.start();
        return queue;
    }
}
