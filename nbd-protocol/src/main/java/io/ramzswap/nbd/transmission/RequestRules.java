package io.ramzswap.nbd.transmission;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.TransmissionFlag;
import io.ramzswap.nbd.wire.Command;
import io.ramzswap.nbd.wire.CommandFlag;

/**
 * Which requests an export takes, decided from the header alone. Source: NBD protocol document, "Request types",
 * "Command flags" and "Error values".
 */
final class RequestRules {
    /**
     * Added to the verdict of {@link #check} when range or alignment was wrong, which the device counts; the low 16 bits
     * are the error.
     */
    static final int OUT_OF_PLACE = 1 << 16;

    private static final int ERROR_MASK = OUT_OF_PLACE - 1;

    private final long sizeBytes;
    private final long alignmentMask;
    private final int maximumPayload;
    private final int transmissionFlags;
    private final TransmissionMode mode;

    RequestRules(Export export, TransmissionMode mode) {
        sizeBytes = export.sizeBytes();
        alignmentMask = export.blockSize().minimum() - 1L;
        maximumPayload = export.blockSize().maximumPayload();
        transmissionFlags = export.transmissionFlags();
        this.mode = mode;
    }

    static int error(int verdict) {
        return verdict & ERROR_MASK;
    }

    static boolean isOutOfPlace(int verdict) {
        return (verdict & OUT_OF_PLACE) != 0;
    }

    /** {@link NbdError#OK}, or an error, with {@link #OUT_OF_PLACE} where it applies. */
    int check(Request request) {
        if (!isOffered(request.type) || (request.flags & ~flagsOf(request.type)) != 0) {
            return NbdError.EINVAL;
        }
        if (request.type == Command.WRITE && mode.isExtended() && (request.flags & CommandFlag.PAYLOAD_LEN) == 0) {
            return NbdError.EINVAL;
        }
        if (changes(request.type) && has(TransmissionFlag.READ_ONLY)) {
            return NbdError.EPERM;
        }
        return request.type == Command.FLUSH ? checkFlush(request) : checkRange(request);
    }

    private boolean isOffered(int type) {
        return switch (type) {
            case Command.READ, Command.WRITE -> true;
            case Command.FLUSH -> has(TransmissionFlag.SEND_FLUSH);
            // On a read-only export these have a better answer than "not known".
            case Command.TRIM -> has(TransmissionFlag.SEND_TRIM) || has(TransmissionFlag.READ_ONLY);
            case Command.WRITE_ZEROES -> has(TransmissionFlag.SEND_WRITE_ZEROES) || has(TransmissionFlag.READ_ONLY);
            case Command.CACHE -> has(TransmissionFlag.SEND_CACHE);
            case Command.BLOCK_STATUS -> mode.hasContext();
            default -> false;
        };
    }

    private int flagsOf(int type) {
        final int fua = has(TransmissionFlag.SEND_FUA) ? CommandFlag.FUA : 0;
        return switch (type) {
            case Command.READ -> fua | (mode.isChunked() ? CommandFlag.DF : 0);
            case Command.WRITE -> fua | (mode.isExtended() ? CommandFlag.PAYLOAD_LEN : 0);
            case Command.BLOCK_STATUS -> fua | CommandFlag.REQ_ONE;
            case Command.WRITE_ZEROES -> fua | CommandFlag.NO_HOLE | fastZero();
            default -> fua;
        };
    }

    private int fastZero() {
        return has(TransmissionFlag.SEND_FAST_ZERO) ? CommandFlag.FAST_ZERO : 0;
    }

    private static boolean changes(int type) {
        return type == Command.WRITE || type == Command.TRIM || type == Command.WRITE_ZEROES;
    }

    private static int checkFlush(Request request) {
        return request.offset == 0 && request.length == 0 ? NbdError.OK : NbdError.EINVAL;
    }

    private int checkRange(Request request) {
        final long offset = request.offset;
        final long length = request.length;
        // 2^63 or more is negative here; a sum could overflow, a difference of these cannot.
        if (offset < 0 || offset > sizeBytes || length < 0 || length > sizeBytes - offset) {
            return OUT_OF_PLACE | pastTheEnd(request.type);
        }
        if (((offset | length) & alignmentMask) != 0) {
            return OUT_OF_PLACE | NbdError.EINVAL;
        }
        if (request.type == Command.BLOCK_STATUS && length == 0) {
            // Its answer cannot be empty.
            return NbdError.EINVAL;
        }
        final boolean hasPayload = request.type == Command.READ || request.type == Command.WRITE;
        return hasPayload && length > maximumPayload ? NbdError.EINVAL : NbdError.OK;
    }

    private static int pastTheEnd(int type) {
        return type == Command.WRITE || type == Command.WRITE_ZEROES ? NbdError.ENOSPC : NbdError.EINVAL;
    }

    private boolean has(int transmissionFlag) {
        return (transmissionFlags & transmissionFlag) != 0;
    }
}
