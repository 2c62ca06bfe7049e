package io.ramzswap.control;

/** Carries out requests. Called by several threads at a time. */
@FunctionalInterface
public interface ControlHandler {
    /** Carries out one request; a refusal is a reply like any other. */
    ControlReply handle(ControlRequest request);
}
