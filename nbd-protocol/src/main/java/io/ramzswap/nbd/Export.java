package io.ramzswap.nbd;

import java.util.Optional;

/**
 * A block device as the protocol sees it: a name, a size, what it can do, and a way to open it.
 *
 * <p>Thread-safe. The values are constant while a client is connected.
 */
public interface Export {
    /** The export's name; the empty string is the default export. At most 4096 bytes of UTF-8, no NUL. */
    default String name() {
        return "";
    }

    /** A line for people, shown to clients that ask for it; may be empty. */
    default String description() {
        return "";
    }

    /** Size in bytes. */
    long sizeBytes();

    /** {@link TransmissionFlag} bits offered to every client. {@link TransmissionFlag#HAS_FLAGS} is implied, and so is DF. */
    default int transmissionFlags() {
        return 0;
    }

    /** The lengths and alignments that {@link ExportSession} takes. */
    default BlockSize blockSize() {
        return BlockSize.ANY;
    }

    /**
     * The name of a metadata context of the export's own, told by {@link Extent#state}: a namespace of its own, a colon, a
     * leaf name, as in "x-example:state". Empty for none.
     *
     * <p>Source: NBD protocol document, "Metadata querying".
     */
    default Optional<String> stateContext() {
        return Optional.empty();
    }

    /**
     * Opens the device for one connection.
     *
     * @return a session that only one thread uses, be it the calling one or another that it is handed to
     * @throws ExportUnavailableException when it cannot be opened now
     */
    ExportSession open();
}
