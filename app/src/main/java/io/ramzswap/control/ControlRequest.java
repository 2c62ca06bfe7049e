package io.ramzswap.control;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.writeback.WriteBackOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An operation on a device.
 *
 * @param device as the user named it; empty where the operation is on none
 * @param bytes the size that goes with the operation, if one does
 * @param path the file that goes with the operation, if one does
 * @param backing how the backing swap is used, if the operation names one
 * @param order what is to be written back, if the operation is that
 * @param allocator the allocator that goes with the operation, if one does
 * @param compressor the compressor that goes with the operation, if one does
 * @param parts the operations on the same device that are to be carried out together, if this is {@link Operation#TOGETHER}
 */
public record ControlRequest(
        Operation operation,
        String device,
        OptionalLong bytes,
        Optional<Path> path,
        Optional<BackingOptions> backing,
        Optional<WriteBackOrder> order,
        Optional<AllocatorKind> allocator,
        Optional<CompressorKind> compressor,
        List<ControlRequest> parts) {
    /** Characters of the longest name of a device. */
    public static final int MAX_DEVICE_LENGTH = 4096;

    /** Characters of the longest name of a file. */
    public static final int MAX_PATH_LENGTH = 4096;

    /** The parts are not to be changed. */
    public ControlRequest {
        parts = List.copyOf(parts);
    }

    private ControlRequest(Operation operation, String device, OptionalLong bytes) {
        this(
                operation,
                device,
                bytes,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** An operation on its own. */
    public static ControlRequest of(Operation operation, String device) {
        return new ControlRequest(operation, device, OptionalLong.empty());
    }

    /** An operation on the daemon as a whole. */
    public static ControlRequest of(Operation operation) {
        return of(operation, "");
    }

    /** Operations on one device that are carried out all, or not at all. */
    public static ControlRequest together(String device, List<ControlRequest> parts) {
        return new ControlRequest(
                Operation.TOGETHER,
                device,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                parts);
    }

    /** An operation with a size. */
    public static ControlRequest of(Operation operation, String device, long bytes) {
        return new ControlRequest(operation, device, OptionalLong.of(bytes));
    }

    /** An operation with a backing swap. */
    public static ControlRequest of(Operation operation, String device, Path path, BackingOptions backing) {
        return new ControlRequest(
                operation,
                device,
                OptionalLong.empty(),
                Optional.of(path),
                Optional.of(backing),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** An operation that says what to write back. */
    public static ControlRequest of(Operation operation, String device, WriteBackOrder order) {
        return new ControlRequest(
                operation,
                device,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(order),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** An operation with an allocator. */
    public static ControlRequest of(Operation operation, String device, AllocatorKind allocator) {
        return new ControlRequest(
                operation,
                device,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(allocator),
                Optional.empty(),
                List.of());
    }

    /** An operation with a compressor. */
    public static ControlRequest of(Operation operation, String device, CompressorKind compressor) {
        return new ControlRequest(
                operation,
                device,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(compressor),
                List.of());
    }
}
