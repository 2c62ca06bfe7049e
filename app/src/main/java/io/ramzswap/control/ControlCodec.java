package io.ramzswap.control;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.notify.SwapStatistics;
import io.ramzswap.process.ProcessStatistics;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingSet;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import io.ramzswap.writeback.IdleTime;
import io.ramzswap.writeback.WriteBackKind;
import io.ramzswap.writeback.WriteBackOrder;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Messages as lines of JSON. The package comment has the format. Thread-safe. */
final class ControlCodec {
    static final int VERSION = 1;

    private static final Gson GSON = new GsonBuilder()
            .setStrictness(Strictness.STRICT)
            .disableHtmlEscaping()
            .create();

    /** Messages about all settings that there are. */
    static final ControlCodec STANDARD = new ControlCodec(DeviceCatalogue.ALL);

    /** The members of a request as they are on the wire, but those of settings; each may be missing. */
    private record WireRequest(
            Integer v, String operation, String device, String kind, Long idleSeconds, List<JsonObject> parts) {}

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

    private final SettingCodec settings;

    /** Messages about these settings of devices. */
    ControlCodec(SettingSet settings) {
        this.settings = new SettingCodec(GSON, settings);
    }

    String encode(ControlRequest request) {
        return GSON.toJson(wire(request, true));
    }

    private JsonObject wire(ControlRequest request, boolean isWhole) {
        JsonObject message = new JsonObject();
        if (isWhole) {
            message.addProperty("v", VERSION);
        }
        message.addProperty(
                "operation",
                request.setting()
                        .map(SettingCodec::operation)
                        .orElse(request.operation().label()));
        if (isWhole && request.operation().takesDevice()) {
            message.addProperty("device", request.device());
        }
        request.setting().ifPresent(setting -> settings.add(setting, request.values(), message));
        request.order().ifPresent(order -> {
            message.addProperty("kind", order.kind().label());
            message.addProperty("idleSeconds", order.idleSeconds());
        });
        if (request.operation().takesParts()) {
            JsonArray parts = new JsonArray();
            request.parts().forEach(part -> parts.add(wire(part, false)));
            message.add("parts", parts);
        }
        return message;
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

    ControlRequest decodeRequest(String line) throws MalformedMessageException {
        // Twice from the text, because a number that was read already is cut to a long without an error.
        WireRequest wire = parse(line, WireRequest.class);
        JsonObject message = parse(line, JsonObject.class);
        checkVersion(wire.v());
        Operation operation = operation(wire);
        return decode(message, wire, operation, device(wire, operation));
    }

    private Operation operation(WireRequest wire) throws MalformedMessageException {
        Optional<String> name = Optional.ofNullable(wire.operation());
        if (name.flatMap(settings::setBy).isPresent()) {
            return Operation.SET;
        }
        return name.flatMap(Operation::of)
                .orElseThrow(() -> new MalformedMessageException("the operation is missing or unknown"));
    }

    private ControlRequest decode(JsonObject message, WireRequest wire, Operation operation, String device)
            throws MalformedMessageException {
        Optional<Setting<?>> setting = settings.setBy(wire.operation());
        return new ControlRequest(
                operation,
                device,
                setting,
                values(setting, message),
                order(wire, operation),
                parts(wire, operation, device));
    }

    private SettingValues values(Optional<Setting<?>> setting, JsonObject message) throws MalformedMessageException {
        try {
            return settings.read(setting, message);
        } catch (JsonParseException e) {
            throw notOfThisProtocol(e);
        }
    }

    private List<ControlRequest> parts(WireRequest wire, Operation operation, String device)
            throws MalformedMessageException {
        if (operation.takesParts() != (wire.parts() != null)) {
            throw new MalformedMessageException("the parts are missing, or go with no such operation");
        }
        List<ControlRequest> parts = new ArrayList<>();
        for (JsonObject part : wire.parts() == null ? List.<JsonObject>of() : wire.parts()) {
            if (part == null) {
                throw new MalformedMessageException("a part is missing");
            }
            WireRequest members = parse(part.toString(), WireRequest.class);
            Operation change = operation(members);
            if (!change.changesDevice()) {
                throw new MalformedMessageException("a part is no operation that changes a device");
            }
            parts.add(decode(part, members, change, device));
        }
        return parts;
    }

    private static Optional<WriteBackOrder> order(WireRequest wire, Operation operation)
            throws MalformedMessageException {
        Optional<WriteBackKind> kind = Optional.ofNullable(wire.kind()).flatMap(WriteBackKind::of);
        if (operation.takesOrder() != kind.isPresent() || (kind.isEmpty() && wire.idleSeconds() != null)) {
            throw new MalformedMessageException(
                    "what to write back is missing, unknown, or goes with no such operation; there are "
                            + WriteBackKind.labels());
        }
        if (wire.idleSeconds() != null && !IdleTime.isInRange(wire.idleSeconds())) {
            throw new MalformedMessageException("idleSeconds are 0 to " + IdleTime.MOST_SECONDS);
        }
        return kind.map(which -> new WriteBackOrder(which, wire.idleSeconds() == null ? 0 : wire.idleSeconds()));
    }

    private static String device(WireRequest wire, Operation operation) throws MalformedMessageException {
        if (!operation.takesDevice()) {
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
            throw notOfThisProtocol(e);
        }
    }

    private static MalformedMessageException notOfThisProtocol(JsonParseException cause) {
        return new MalformedMessageException("not a JSON object of this protocol", cause);
    }

    private static void checkVersion(Integer version) throws MalformedMessageException {
        if (version == null || version != VERSION) {
            throw new MalformedMessageException("version " + version + " of the control protocol is not " + VERSION
                    + ", which is spoken here; use the rzscontrol that came with the daemon");
        }
    }

    private static Refusal errorCode(String name) {
        try {
            return Refusal.valueOf(name);
        } catch (IllegalArgumentException e) {
            return Refusal.INTERNAL;
        }
    }
}
