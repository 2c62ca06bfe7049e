package io.ramzswap.nbd.transmission;

import io.ramzswap.nbd.NbdError;
import java.nio.charset.StandardCharsets;

/** The messages of error chunks, encoded beforehand. */
final class ErrorText {
    private static final byte[] NOT_PERMITTED = encode("the export is read-only");
    private static final byte[] IO = encode("the device failed to read or write here");
    private static final byte[] INVALID =
            encode("unknown command or flag, or a range that is not aligned, too long or past the end of the export");
    private static final byte[] NO_SPACE = encode("the device is full, or the range goes past its end");
    private static final byte[] TOO_LARGE = encode("the answer does not fit into one chunk");
    private static final byte[] NOTHING = {};

    private ErrorText() {}

    static byte[] of(int error) {
        return switch (error) {
            case NbdError.EPERM -> NOT_PERMITTED;
            case NbdError.EIO -> IO;
            case NbdError.EINVAL -> INVALID;
            case NbdError.ENOSPC -> NO_SPACE;
            case NbdError.EOVERFLOW -> TOO_LARGE;
            default -> NOTHING;
        };
    }

    private static byte[] encode(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
