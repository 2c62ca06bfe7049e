package io.ramzswap.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.process.CpuLatencyStatistics;
import io.ramzswap.process.MemoryCgroup;
import io.ramzswap.process.ProcessStatistics;
import java.util.List;

/**
 * The statistics for programs. The members' names are a promise: docs/monitoring.md lists them, and a test compares. Those
 * of a device are the names of 2009 in JSON's spelling, units in the names where they are not pages.
 */
final class StatisticsJson {
    private StatisticsJson() {}

    /** One object with all of it, its last newline included. */
    static String of(List<DeviceReport> devices, ProcessStatistics process) {
        JsonArray list = new JsonArray();
        devices.forEach(device -> list.add(of(device)));
        JsonObject answer = new JsonObject();
        answer.add("devices", list);
        answer.add("daemon", of(process));
        return Json.text(answer);
    }

    private static JsonObject of(DeviceReport device) {
        JsonObject object = new JsonObject();
        object.addProperty("name", device.name());
        object.addProperty("allocator", device.allocator());
        object.addProperty("compressor", device.compressor());
        Json.members(device.statistics()).entrySet().forEach(member -> object.add(member.getKey(), member.getValue()));
        return object;
    }

    private static JsonObject of(ProcessStatistics process) {
        JsonObject object = Json.members(process);
        JsonObject cgroup = object.getAsJsonObject("cgroup");
        nullIf(MemoryCgroup.NONE, cgroup, "maxBytes");
        nullIf(MemoryCgroup.NONE, cgroup, "highBytes");
        nullIf(CpuLatencyStatistics.NO_LIMIT, object.getAsJsonObject("cpuLatency"), "micros");
        return object;
    }

    private static void nullIf(long none, JsonObject object, String limit) {
        if (object.get(limit).getAsLong() == none) {
            object.add(limit, JsonNull.INSTANCE);
        }
    }
}
