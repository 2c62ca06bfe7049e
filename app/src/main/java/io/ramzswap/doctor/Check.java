package io.ramzswap.doctor;

import java.util.List;

/** Looks at one thing. */
@FunctionalInterface
interface Check {
    /** What there is to say about it: one finding or more where it can be judged, none where it does not apply. */
    List<Finding> examine(Patient patient);
}
