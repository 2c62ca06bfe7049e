package io.ramzswap.doctor;

import java.util.List;

/** Looks at one thing. */
@FunctionalInterface
interface Check {
    /** Returns the findings: one or more where the check can judge, none where it does not apply. */
    List<Finding> examine(Patient patient);
}
