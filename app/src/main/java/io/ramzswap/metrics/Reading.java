package io.ramzswap.metrics;

import io.ramzswap.device.DeviceReport;
import io.ramzswap.process.ProcessStatistics;
import java.util.List;

/**
 * What the daemon answered.
 *
 * @param devices those that are initialised
 * @param process the daemon itself
 */
public record Reading(List<DeviceReport> devices, ProcessStatistics process) {}
