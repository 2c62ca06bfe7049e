package io.ramzswap.control;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.notify.SwapStatistics;
import io.ramzswap.process.ProcessStatistics;
import io.ramzswap.writeback.IdleTime;
import io.ramzswap.writeback.WriteBackKind;
import io.ramzswap.writeback.WriteBackOrder;
import java.lang.reflect.RecordComponent;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Messages as lines of JSON. The package comment has the format. Thread-safe. */
final class ControlCodec {
    static final int VERSION = 1;

    private static final Gson GSON = new GsonBuilder()
            .setStrictness(Strictness.STRICT)
            .disableHtmlEscaping()
            .create();

    /** The members of a request as they are on the wire; each may be missing. */
    private record WireRequest(
            Integer v,
            Operation operation,
            String device,
            Long bytes,
            String path,
            String allocator,
            String compressor,
            String layout,
            Boolean encrypt,
            String kind,
            Long idleSeconds,
            List<WireRequest> parts) {}

    /** The members of a reply as they are on the wire; each may be missing. */
    private record WireReply(
            Integer v,
            List<String> warnings,
            DeviceStatistics statistics,
            SwapStatistics swap,
            ProcessStatistics process,
            List<DeviceReport> devices,
            String error,
            String message) {}

    private ControlCodec() {}

    static String encode(ControlRequest request) {
        return GSON.toJson(wire(request, true));
    }

    private static WireRequest wire(ControlRequest request, boolean namesDevice) {
        Long bytes = request.bytes().isPresent() ? request.bytes().getAsLong() : null;
        String path = request.path().map(Path::toString).orElse(null);
        String allocator = request.allocator().map(AllocatorKind::label).orElse(null);
        String compressor = request.compressor().map(CompressorKind::label).orElse(null);
        String device = namesDevice && request.operation().takesDevice() ? request.device() : null;
        String layout = request.backing()
                .map(BackingOptions::layout)
                .map(BackingLayout::label)
                .orElse(null);
        Boolean encrypt = request.backing().map(BackingOptions::encrypted).orElse(null);
        String kind = request.order()
                .map(WriteBackOrder::kind)
                .map(WriteBackKind::label)
                .orElse(null);
        Long idle = request.order().map(WriteBackOrder::idleSeconds).orElse(null);
        List<WireRequest> parts = request.operation().takesParts()
                ? request.parts().stream().map(part -> wire(part, false)).toList()
                : null;
        return new WireRequest(
                namesDevice ? VERSION : null,
                request.operation(),
                device,
                bytes,
                path,
                allocator,
                compressor,
                layout,
                encrypt,
                kind,
                idle,
                parts);
    }

    static String encode(ControlReply reply) {
        return GSON.toJson(new WireReply(
                VERSION,
                reply.warnings(),
                reply.statistics().orElse(null),
                reply.swap().orElse(null),
                reply.process().orElse(null),
                reply.devices().orElse(null),
                reply.failure().map(failure -> failure.code().name()).orElse(null),
                reply.failure().map(ControlReply.Failure::message).orElse(null)));
    }

    static ControlRequest decodeRequest(String line) throws MalformedMessageException {
        WireRequest wire = parse(line, WireRequest.class);
        checkVersion(wire.v());
        requireOperation(wire);
        return decode(wire, device(wire));
    }

    private static void requireOperation(WireRequest wire) throws MalformedMessageException {
        if (wire.operation() == null) {
            throw new MalformedMessageException("the operation is missing or unknown");
        }
    }

    private static List<ControlRequest> parts(WireRequest wire, String device) throws MalformedMessageException {
        if (wire.operation().takesParts() != (wire.parts() != null)) {
            throw new MalformedMessageException("the parts are missing, or go with no such operation");
        }
        List<ControlRequest> parts = new ArrayList<>();
        for (WireRequest part : wire.parts() == null ? List.<WireRequest>of() : wire.parts()) {
            if (part == null) {
                throw new MalformedMessageException("a part is missing");
            }
            requireOperation(part);
            if (!part.operation().changesDevice()) {
                throw new MalformedMessageException("a part is no operation that changes a device");
            }
            parts.add(decode(part, device));
        }
        return parts;
    }

    private static ControlRequest decode(WireRequest wire, String device) throws MalformedMessageException {
        if (wire.operation().takesBytes() != (wire.bytes() != null)) {
            throw new MalformedMessageException("bytes are missing, or go with no such operation");
        }
        Optional<AllocatorKind> allocator =
                Optional.ofNullable(wire.allocator()).flatMap(AllocatorKind::of);
        if (wire.operation().takesAllocator() != allocator.isPresent()) {
            throw new MalformedMessageException(
                    "the allocator is missing, unknown, or goes with no such operation; there are "
                            + AllocatorKind.labels());
        }
        Optional<CompressorKind> compressor =
                Optional.ofNullable(wire.compressor()).flatMap(CompressorKind::of);
        if (wire.operation().takesCompressor() != compressor.isPresent()) {
            throw new MalformedMessageException(
                    "the compressor is missing, unknown, or goes with no such operation; there are "
                            + CompressorKind.labels());
        }
        if (wire.operation().takesPath() != (wire.path() != null)) {
            throw new MalformedMessageException("a path is missing, or goes with no such operation");
        }
        boolean unknownLayout =
                wire.layout() != null && BackingLayout.of(wire.layout()).isEmpty();
        if (unknownLayout || ((wire.layout() != null || wire.encrypt() != null) && wire.path() == null)) {
            throw new MalformedMessageException(
                    "the layout is unknown, or how a backing swap is used goes with no such operation");
        }
        Optional<WriteBackKind> kind = Optional.ofNullable(wire.kind()).flatMap(WriteBackKind::of);
        if (wire.operation().takesOrder() != kind.isPresent() || (kind.isEmpty() && wire.idleSeconds() != null)) {
            throw new MalformedMessageException(
                    "what to write back is missing, unknown, or goes with no such operation;" + " there are "
                            + WriteBackKind.labels());
        }
        if (wire.idleSeconds() != null && !IdleTime.isInRange(wire.idleSeconds())) {
            throw new MalformedMessageException("idleSeconds are 0 to " + IdleTime.MOST_SECONDS);
        }
        Optional<WriteBackOrder> order =
                kind.map(which -> new WriteBackOrder(which, wire.idleSeconds() == null ? 0 : wire.idleSeconds()));
        OptionalLong bytes = wire.bytes() == null ? OptionalLong.empty() : OptionalLong.of(wire.bytes());
        return new ControlRequest(
                wire.operation(),
                device,
                bytes,
                path(wire.path()),
                backing(wire),
                order,
                allocator,
                compressor,
                parts(wire, device));
    }

    private static Optional<BackingOptions> backing(WireRequest wire) {
        BackingOptions unsaid = BackingOptions.DEFAULT;
        return wire.path() == null
                ? Optional.empty()
                : Optional.of(new BackingOptions(
                        BackingLayout.of(wire.layout()).orElse(unsaid.layout()),
                        wire.encrypt() == null ? unsaid.encrypted() : wire.encrypt()));
    }

    private static String device(WireRequest wire) throws MalformedMessageException {
        if (!wire.operation().takesDevice()) {
            return "";
        }
        if (wire.device() == null
                || wire.device().isEmpty()
                || wire.device().length() > ControlRequest.MAX_DEVICE_LENGTH) {
            throw new MalformedMessageException(
                    "the device's name is missing or longer than " + ControlRequest.MAX_DEVICE_LENGTH);
        }
        return wire.device();
    }

    private static Optional<Path> path(String name) throws MalformedMessageException {
        if (name == null) {
            return Optional.empty();
        }
        try {
            if (name.length() <= ControlRequest.MAX_PATH_LENGTH && Path.of(name).isAbsolute()) {
                return Optional.of(Path.of(name));
            }
        } catch (InvalidPathException e) {
            throw new MalformedMessageException("the path is none: " + e.getReason(), e);
        }
        throw new MalformedMessageException(
                "the path is longer than " + ControlRequest.MAX_PATH_LENGTH + ", or not an absolute one");
    }

    static ControlReply decodeReply(String line) throws MalformedMessageException {
        WireReply wire = parse(line, WireReply.class);
        checkVersion(wire.v());
        requireWhole("statistics", wire.statistics());
        requireWhole("swap", wire.swap());
        requireWhole("process", wire.process());
        requireWhole("devices", wire.devices());
        return new ControlReply(
                wire.warnings() == null ? List.of() : wire.warnings(),
                Optional.ofNullable(wire.statistics()),
                Optional.ofNullable(wire.swap()),
                Optional.ofNullable(wire.process()),
                Optional.ofNullable(wire.devices()),
                Optional.ofNullable(wire.error())
                        .map(error -> new ControlReply.Failure(errorCode(error), String.valueOf(wire.message()))));
    }

    /** A member that is missing, as an older daemon's may be, is null in the record, where nobody expects one. */
    private static void requireWhole(String name, Object part) throws MalformedMessageException {
        if (part instanceof List<?> list) {
            for (Object element : list) {
                requireMember(name, element);
            }
        } else if (part instanceof Record) {
            for (RecordComponent component : part.getClass().getRecordComponents()) {
                requireMember(name + "." + component.getName(), valueOf(component, part));
            }
        }
    }

    private static void requireMember(String name, Object value) throws MalformedMessageException {
        if (value == null) {
            throw new MalformedMessageException("an answer without " + name);
        }
        requireWhole(name, value);
    }

    private static Object valueOf(RecordComponent component, Object part) {
        try {
            return component.getAccessor().invoke(part);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record whose members cannot be read: " + part.getClass(), e);
        }
    }

    private static <T> T parse(String line, Class<T> type) throws MalformedMessageException {
        try {
            T message = GSON.fromJson(line, type);
            if (message == null) {
                throw new MalformedMessageException("an empty line");
            }
            return message;
        } catch (JsonParseException e) {
            throw new MalformedMessageException("not a JSON object of this protocol", e);
        }
    }

    private static void checkVersion(Integer version) throws MalformedMessageException {
        if (version == null || version != VERSION) {
            throw new MalformedMessageException("version " + version + " of the control protocol is not " + VERSION
                    + ", which is spoken here; use the rzscontrol that came with the daemon");
        }
    }

    private static ErrorCode errorCode(String name) {
        try {
            return ErrorCode.valueOf(name);
        } catch (IllegalArgumentException e) {
            return ErrorCode.INTERNAL;
        }
    }
}
