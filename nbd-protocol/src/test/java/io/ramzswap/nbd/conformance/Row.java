package io.ramzswap.nbd.conformance;

/** One rule of the protocol document, and how to see whether a server keeps to it. */
record Row(String rule, Check check) {
    /** Fails where the server does not keep to the rule. */
    @FunctionalInterface
    interface Check {
        void on(Peer.Running server) throws Exception;
    }
}
