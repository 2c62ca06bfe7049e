package io.ramzswap.notify;

import java.util.Locale;

/**
 * A notifier in figures.
 *
 * @param detail what is watched, or why nothing is
 * @param events read that were of the device
 * @param tooNew slots left alone because what they hold may be newer than the event
 * @param missed events lost because they were not read in time, at least; they cost memory until TRIM
 * @param foreign events that were not the device's, made no sense, or came minutes late
 * @param rests times it rested because too much was lost
 * @param bufferBytes the kernel's memory for events not yet read
 */
public record NotifyStatistics(
        NotifyState state,
        String detail,
        long events,
        long tooNew,
        long missed,
        long foreign,
        long rests,
        long bufferBytes) {
    /** The statistics of a device without notifier: because {@code mode} is another than auto, or because none could be made. */
    public static NotifyStatistics none(NotifyMode mode) {
        String detail = mode == NotifyMode.AUTO
                ? "the kernel does not tell the device's number"
                : "not wanted, --notify=" + mode.name().toLowerCase(Locale.ROOT);
        return new NotifyStatistics(NotifyState.OFF, detail, 0, 0, 0, 0, 0, 0);
    }
}
