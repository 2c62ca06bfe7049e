package io.ramzswap.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.util.CachingDateFormatter;

/**
 * A line of the log: {@code ramzswapd: 12:34:56.789 INFO: message}, the time only if it is wanted. Logback's own pattern
 * would bring a converter, and a lambda that makes it, for everything that a pattern might ask for.
 */
final class LineLayout extends LayoutBase<ILoggingEvent> {
    private final boolean withTime;
    private final CachingDateFormatter times = new CachingDateFormatter("HH:mm:ss.SSS");

    LineLayout(boolean withTime) {
        this.withTime = withTime;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder("ramzswapd: ");
        if (withTime) {
            line.append(times.format(event.getTimeStamp())).append(' ');
        }
        line.append(event.getLevel())
                .append(": ")
                .append(event.getFormattedMessage())
                .append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString();
    }
}
