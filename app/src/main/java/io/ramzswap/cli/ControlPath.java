package io.ramzswap.cli;

/** Where daemon and rzscontrol meet unless told otherwise. */
final class ControlPath {
    static final String DEFAULT = "/run/ramzswap/control.sock";

    private ControlPath() {}
}
