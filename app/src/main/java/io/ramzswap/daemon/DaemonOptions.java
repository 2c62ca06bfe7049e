package io.ramzswap.daemon;

import io.ramzswap.allocator.AllocatorKind;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a daemon is started.
 *
 * @param listen the Unix socket of the device that it serves from the start, if it does
 * @param control its control socket, if it has one
 * @param diskSizeBytes the listening device's disksize; a default if absent
 * @param memLimitBytes the listening device's memory limit; a default if absent
 * @param allocator the listening device's allocator; a default if absent
 */
public record DaemonOptions(
        Optional<Path> listen,
        Optional<Path> control,
        OptionalLong diskSizeBytes,
        OptionalLong memLimitBytes,
        Optional<AllocatorKind> allocator) {}
