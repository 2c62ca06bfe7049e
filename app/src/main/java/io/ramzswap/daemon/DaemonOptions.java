package io.ramzswap.daemon;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.attach.listen.ListenOptions;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.config.Configuration;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.process.CpuLatencySetting;
import io.ramzswap.process.HibernationMode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a daemon is started.
 *
 * @param listen where and how it serves devices to NBD clients from the start, if it does
 * @param control its control socket, if it has one
 * @param diskSizeBytes each listening device's disksize; a default if absent
 * @param memLimitBytes each listening device's memory limit; a default if absent
 * @param allocator each listening device's allocator; a default if absent
 * @param compressor each listening device's compressor; a default if absent
 * @param notifyMode how the kernel's devices learn of slots that it has freed
 * @param cpuLatency how long idle processors may take to wake while requests follow one another closely
 * @param hibernation what becomes of a hibernation while it serves the kernel
 * @param configuration the devices of the kernel that it makes swap, if it is to make any
 */
public record DaemonOptions(
        Optional<ListenOptions> listen,
        Optional<Path> control,
        OptionalLong diskSizeBytes,
        OptionalLong memLimitBytes,
        Optional<AllocatorKind> allocator,
        Optional<CompressorKind> compressor,
        NotifyMode notifyMode,
        CpuLatencySetting cpuLatency,
        HibernationMode hibernation,
        Optional<Configuration.Source> configuration) {}
