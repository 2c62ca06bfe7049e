package io.ramzswap.daemon;

import io.ramzswap.attach.NoExport;
import io.ramzswap.device.DeviceException;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.nbd.Export;
import java.util.ArrayList;
import java.util.List;

/** Makes stores that hold nothing, and knows which of them are open. */
public final class FakeStores implements Store.Factory {
    private final List<DeviceSettings> made = new ArrayList<>();
    private int open;
    private boolean failing;

    /** Whether the next store can be made. */
    public FakeStores failing(boolean is) {
        failing = is;
        return this;
    }

    /** What stores were made with, in order. */
    public List<DeviceSettings> made() {
        return made;
    }

    /** How many were made and not closed. */
    public int open() {
        return open;
    }

    @Override
    public Store create(String exportName, DeviceSettings settings) throws DeviceException {
        if (failing) {
            throw new DeviceException("8 kB of memory for the page table cannot be had");
        }
        made.add(settings);
        open++;
        return new Store() {
            @Override
            public Export export() {
                return NoExport.create();
            }

            @Override
            public DeviceStatistics statistics() {
                long memLimit = settings.memLimitGiven() ? settings.memLimitBytes() : 0;
                return new DeviceStatistics(
                        settings.diskSizeBytes(),
                        memLimit,
                        1,
                        2,
                        3,
                        4,
                        5,
                        6,
                        7,
                        8,
                        9,
                        10,
                        11,
                        12,
                        13,
                        14,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0);
            }

            @Override
            public void close() {
                open--;
            }
        };
    }
}
