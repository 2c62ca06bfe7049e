package io.ramzswap.nbd.conformance;

import java.util.Map;

/** Rules that other servers break, as seen with nbdkit 1.32 and qemu-nbd 7.2, and why. */
final class KnownDisagreements {
    static final Map<String, String> OF_NBDKIT = Map.of(
            "EXPORT_NAME of an unknown export ends the connection",
            "its memory plugin serves the same under every name",
            "INFO of an unknown export is ERR_UNKNOWN",
            "its memory plugin serves the same under every name",
            "SET_META_CONTEXT replaces what was set, even when it fails",
            "a query that is not well-formed leaves the choice before it in force");
    static final Map<String, String> OF_QEMU = Map.of(
            "WRITE_ZEROES past the end is ENOSPC",
            "it answers EINVAL: the document only recommends ENOSPC",
            "WRITE past the end is ENOSPC and changes nothing",
            "it answers EINVAL to some of these offsets: the document only recommends ENOSPC",
            "a wrong magic ends the connection",
            "it answers EINVAL and goes on, as if a request of the usual length had come: the document allows to hang up,"
                    + " and does not ask for it",
            "WRITE, TRIM and WRITE_ZEROES on a read-only export are EPERM",
            "it answers EINVAL to what it does not offer for such an export: the document only recommends EPERM");

    private KnownDisagreements() {}
}
