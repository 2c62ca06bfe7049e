package io.ramzswap.writeback;

/**
 * That pages be written back: now, once.
 *
 * @param kind which
 * @param idleSeconds for {@link WriteBackKind#IDLE}: pages that were used later than that stay
 */
public record WriteBackOrder(WriteBackKind kind, long idleSeconds) {}
