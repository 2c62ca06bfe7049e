package io.ramzswap.control;

import io.ramzswap.setting.FilePath;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.writeback.WriteBackOrder;
import java.util.List;
import java.util.Optional;

/**
 * An operation on a device, or on the daemon as a whole.
 *
 * @param device as the user named it; empty where the operation is on none
 * @param setting the setting that {@link Operation#SET} sets, with its parts; empty for any other operation
 * @param values the values of that setting and of its parts
 * @param order what is to be written back, if the operation is that
 * @param parts the operations on the same device that are to be carried out together, if this is {@link Operation#TOGETHER}
 */
public record ControlRequest(
        Operation operation,
        String device,
        Optional<Setting<?>> setting,
        SettingValues values,
        Optional<WriteBackOrder> order,
        List<ControlRequest> parts) {
    /** Characters of the longest name of a device. */
    public static final int MAX_DEVICE_LENGTH = 4096;

    /** Characters of the longest name of a file. */
    public static final int MAX_PATH_LENGTH = FilePath.MAX_LENGTH;

    /** The parts are not to be changed. */
    public ControlRequest {
        parts = List.copyOf(parts);
    }

    /** An operation on its own. */
    public static ControlRequest of(Operation operation, String device) {
        return new ControlRequest(operation, device, Optional.empty(), SettingValues.NONE, Optional.empty(), List.of());
    }

    /** An operation on the daemon as a whole. */
    public static ControlRequest of(Operation operation) {
        return of(operation, "");
    }

    /** Operations on one device, all of them or none. */
    public static ControlRequest together(String device, List<ControlRequest> parts) {
        return new ControlRequest(
                Operation.TOGETHER, device, Optional.empty(), SettingValues.NONE, Optional.empty(), parts);
    }

    /** Sets one setting, whose value and parts are in {@code values}. */
    public static ControlRequest set(String device, Setting<?> setting, SettingValues values) {
        return new ControlRequest(Operation.SET, device, Optional.of(setting), values, Optional.empty(), List.of());
    }

    /** Sets one setting. */
    public static <T> ControlRequest set(String device, Setting<T> setting, T value) {
        return set(device, setting, SettingValues.of(setting, value));
    }

    /** Says what to write back. */
    public static ControlRequest writeBack(String device, WriteBackOrder order) {
        return new ControlRequest(
                Operation.WRITE_BACK, device, Optional.empty(), SettingValues.NONE, Optional.of(order), List.of());
    }
}
