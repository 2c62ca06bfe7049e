package io.ramzswap.doctor;

import java.util.ArrayList;
import java.util.List;

/** Checks the daemon's devices: pages refused, lost or damaged since they were initialised, and faults of this moment. */
final class DeviceCheck implements Check {
    private static final String NAME = "device";

    @Override
    public List<Finding> examine(Patient patient) {
        List<Finding> findings = new ArrayList<>();
        for (Observation device : patient.observations()) {
            List<Finding> ailments = ailments(device);
            findings.addAll(
                    ailments.isEmpty()
                            ? List.of(Finding.ok(
                                    NAME, device.device().name() + " has taken every page, and given every page back"))
                            : ailments);
        }
        return findings;
    }

    private static List<Finding> ailments(Observation device) {
        List<Finding> findings = new ArrayList<>();
        for (DeviceAilment ailment : DeviceAilment.values()) {
            if (ailment.count(device) > 0) {
                findings.add(new Finding(
                        NAME,
                        ailment.severity(),
                        device.device().name() + ": " + ailment.words(device),
                        ailment.cures()));
            }
        }
        return findings;
    }
}
