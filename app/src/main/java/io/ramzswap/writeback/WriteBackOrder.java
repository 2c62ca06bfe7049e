package io.ramzswap.writeback;

/**
 * A request to write pages back: now, once, as far as the {@linkplain WriteBackLimits#bytesPerHour limit of the hour} allows.
 *
 * @param kind which
 * @param idleSeconds for {@link WriteBackKind#IDLE}: pages that were used later than that stay
 */
public record WriteBackOrder(WriteBackKind kind, long idleSeconds) {}
