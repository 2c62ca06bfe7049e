package io.ramzswap.config;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import io.ramzswap.setting.catalogue.Discard;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Devices as configured, for tests. */
public final class TestDevices {
    private TestDevices() {}

    /** A device without a backing swap. */
    public static DeviceConfig device(
            String name,
            String device,
            long diskSizeBytes,
            OptionalLong memLimitBytes,
            AllocatorKind allocator,
            CompressorKind compressor,
            int priority,
            Discard discard,
            OptionalInt connections) {
        SettingValues values = SettingValues.of(DeviceCatalogue.DEVICE, device)
                .with(DeviceCatalogue.DISK_SIZE, diskSizeBytes)
                .with(DeviceCatalogue.ALLOCATOR, allocator)
                .with(DeviceCatalogue.COMPRESSOR, compressor)
                .with(DeviceCatalogue.PRIORITY, priority)
                .with(DeviceCatalogue.DISCARD, discard);
        if (memLimitBytes.isPresent()) {
            values = values.with(DeviceCatalogue.MEM_LIMIT, memLimitBytes.getAsLong());
        }
        if (connections.isPresent()) {
            values = values.with(DeviceCatalogue.CONNECTIONS, connections.getAsInt());
        }
        return new DeviceConfig(name, values);
    }
}
