package io.ramzswap.cli;

import io.ramzswap.attach.kernel.KernelPoints;
import io.ramzswap.attach.kernel.Notifiers;
import io.ramzswap.attach.listen.ListenOptions;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.daemon.Daemon;
import io.ramzswap.daemon.DaemonOptions;
import io.ramzswap.daemon.DeviceStore;
import io.ramzswap.daemon.SettingsPolicy;
import io.ramzswap.device.Rehearsal;
import io.ramzswap.device.TrimMode;
import io.ramzswap.host.Host;
import io.ramzswap.host.UsableMemory;
import io.ramzswap.libc.Libc;
import io.ramzswap.libc.LibraryMissingException;
import io.ramzswap.libc.NativeLibraries;
import io.ramzswap.nbd.SessionFailure;
import io.ramzswap.nbd.kernel.KernelBuffers;
import io.ramzswap.nbd.kernel.KernelOptions;
import io.ramzswap.nbd.transport.CpuLatency;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.process.AvailableMemory;
import io.ramzswap.process.CpuLatencyRequest;
import io.ramzswap.process.CpuTimeLimits;
import io.ramzswap.process.Guard;
import io.ramzswap.process.HibernationBlock;
import io.ramzswap.process.HibernationMode;
import io.ramzswap.process.Inheritance;
import io.ramzswap.process.LockedStack;
import io.ramzswap.process.MemoryLock;
import io.ramzswap.process.OmittedGuards;
import io.ramzswap.process.OmittedGuards.Name;
import io.ramzswap.process.OomScore;
import io.ramzswap.process.ProcessGuards;
import io.ramzswap.process.ProcessInspector;
import io.ramzswap.process.RealTimePriority;
import io.ramzswap.process.SelfImage;
import io.ramzswap.process.ServiceGroup;
import io.ramzswap.process.ServiceManager;
import io.ramzswap.process.Signals;
import io.ramzswap.process.StraySignals;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.shortage.ShortageWatch;
import io.ramzswap.swap.KernelSwapAreas;
import io.ramzswap.swap.MemoryUse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This process on this machine. */
final class ThisMachine implements DaemonHost {
    private static final Path PROC = Path.of("/proc");

    private OmittedGuards omitted = OmittedGuards.NONE;

    @Override
    public long ramBytes() {
        return UsableMemory.ofThisProcess().totalBytes();
    }

    @Override
    public AvailableMemory availableMemory() {
        return AvailableMemory.now();
    }

    @Override
    public boolean isServed(Path control) {
        Optional<ServiceManager> manager = serviceManager();
        if (manager.isEmpty()) {
            return false;
        }
        try {
            OptionalLong other = new ServiceGroup().otherDaemon();
            if (other.isEmpty() || !new RunningDaemon(control).answers()) {
                return false;
            }
            LoggerFactory.getLogger(ThisMachine.class)
                    .info("process {} serves already and goes on: its devices are in use", other.getAsLong());
            manager.get().handOverTo(other.getAsLong());
            return true;
        } catch (IOException e) {
            LoggerFactory.getLogger(ThisMachine.class)
                    .warn("looking for a daemon that serves already: {}", e.toString());
            return false;
        }
    }

    /** The one that started this process, if one did. */
    static Optional<ServiceManager> serviceManager() {
        return ServiceManager.of(System.getenv(), ProcessHandle.current().pid());
    }

    @Override
    public Daemon prepare(DaemonOptions options, int connections) throws OperationException, InterruptedException {
        omitted = omittedGuards();
        requireLibraries();
        // Before the rest, because it starts the program over.
        Inheritance.Outcome inherited =
                new Inheritance(libc(), new SelfImage(libc()), !omitted.has(Name.IO_FLUSHER)).ensure();
        Logger log = LoggerFactory.getLogger(ThisMachine.class);
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> tell(log, thread, failure));
        ProcessGuards guards = new ProcessGuards(
                omitted.unless(Name.MEMORY_LOCK, new MemoryLock(libc())::take),
                inherited.ioFlusher(),
                OomScore.lower(),
                omitted.has(Name.REAL_TIME) ? Guard.HELD : new RealTimePriority(libc()).probe(),
                new ProcessInspector().cgroupGuard(),
                inherited.signals(),
                new CpuTimeLimits(libc()).raise(),
                new ProcessInspector().sessionGuard());
        guards.problems().forEach(problem -> log.warn("{}", problem));
        if (options.listen().isEmpty() && options.hibernation() == HibernationMode.REFUSE) {
            // Older kernels cannot be told: the service swaps off before they hibernate, and doctor says where nothing
            // does.
            Guard hibernation = new HibernationBlock(libc()).take();
            log.debug("{}", hibernation.held() ? "the kernel refuses to hibernate from now on" : hibernation.problem());
        }
        if (!omitted.isEmpty()) {
            log.warn("this is an experiment, and may freeze the machine: started without {}", omitted);
        }
        return daemon(options, connections, guards);
    }

    private static void tell(Logger log, Thread thread, Throwable failure) {
        if (failure instanceof SessionFailure) {
            log.error("Thread {}: {}", thread.getName(), failure.getMessage(), failure.getCause());
        } else {
            log.error("Thread {} died", thread.getName(), failure);
        }
    }

    private Daemon daemon(DaemonOptions options, int connections, ProcessGuards guards) {
        CpuLatency cpuLatency = new CpuLatencyRequest().open(options.cpuLatency());
        KernelOptions kernelOptions = KernelOptions.forSwap()
                .withConnections(connections)
                .withBuffers(
                        KernelBuffers.forReserve(Host.running().reserveBytes().orElse(0)))
                .withCpuLatency(cpuLatency);
        ThreadFactory threads = threads(guards.memoryLock().held() && !omitted.has(Name.MEMORY_LOCK));
        if (guards.signals().held()) {
            new StraySignals(libc()).log(threads);
        }
        ThreadFactory answering = omitted.has(Name.REAL_TIME) ? threads : answering(threads);
        Rehearsal rehearsal =
                omitted.has(Name.REHEARSAL) ? Rehearsal.none() : new Rehearsal(kernelOptions, answering, threads);
        Notifiers.removeLeftOvers();
        Daemon daemon = new Daemon(
                options,
                KernelPoints.ofThisMachine(
                        kernelOptions, guards, Notifiers.ofThisMachine(options.notifyMode(), threads), answering),
                DeviceStore.factory(
                        rehearsal,
                        options.notifyMode() == NotifyMode.OFF ? TrimMode.IGNORED : TrimMode.OFFERED,
                        threads,
                        answering),
                new SettingsPolicy(
                        ramBytes(),
                        this::availableMemory,
                        UsableMemory.ofThisProcess()
                                .storeBytes(options.listen()
                                        .map(ListenOptions::devices)
                                        .orElse(1))),
                threads,
                cpuLatency,
                serviceManager(),
                answering,
                // Clients of a socket need no help of this kind.
                options.listen().isPresent() ? Optional.empty() : ShortageWatch.open(PROC, answering),
                new KernelSwapAreas(MemoryUse.ofThisMachine()));
        Signals.handle(daemon::requestStop, "TERM", "INT");
        Signals.handle(daemon::requestReload, "HUP");
        return daemon;
    }

    private static OmittedGuards omittedGuards() throws OperationException {
        try {
            return OmittedGuards.ofThisProcess();
        } catch (IllegalArgumentException e) {
            throw new OperationException(Refusal.INVALID_VALUE, e.getMessage(), e);
        }
    }

    private static Libc libc() {
        return Libc.system();
    }

    private static void requireLibraries() throws OperationException {
        try {
            NativeLibraries.loadForeignFunctions();
            CompressorKind.DEFAULT.requireNative();
        } catch (LibraryMissingException e) {
            throw new OperationException(Refusal.LIBRARY_MISSING, e.getMessage(), e);
        }
    }

    /** Threads between the kernel and a device: their answers go out even when there is no memory for others. */
    private static ThreadFactory answering(ThreadFactory threads) {
        RealTimePriority priority = new RealTimePriority(libc());
        return task -> threads.newThread(() -> {
            priority.take();
            task.run();
        });
    }

    /** Threads that serve: whatever they need of memory is there before they begin. */
    private static ThreadFactory threads(boolean lockStacks) {
        AtomicInteger count = new AtomicInteger();
        LockedStack stack = new LockedStack(libc());
        return task -> new Thread(
                () -> {
                    if (lockStacks) {
                        stack.take();
                    }
                    task.run();
                },
                "serve-" + count.incrementAndGet());
    }
}
