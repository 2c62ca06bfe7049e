package io.ramzswap.cli;

import io.ramzswap.refusal.Refusal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The exit statuses of both programs: those of {@link Refusal}, and a few that are the programs' own. */
final class ExitStatus {
    static final int OK = 0;
    static final int INTERNAL = Refusal.INTERNAL.exitStatus();
    static final int USAGE = Refusal.INVALID_VALUE.exitStatus();
    static final int UNREACHABLE = 3;
    static final int NOT_PERMITTED = Refusal.NOT_PERMITTED.exitStatus();
    static final int SHOULD_BE_CHANGED = 12;
    static final int HAS_TO_BE_CHANGED = 13;
    static final int LIBRARY_MISSING = Refusal.LIBRARY_MISSING.exitStatus();

    private ExitStatus() {}

    /**
     * The list for help and manual.
     *
     * @param ok the meaning of {@link #OK}
     * @param others statuses of this program that are no refusals, with their meanings
     * @param except refusals that this program never meets
     */
    static Map<String, String> list(String ok, Map<Integer, String> others, Refusal... except) {
        Map<Integer, String> all = new TreeMap<>(others);
        all.put(OK, ok);
        all.put(UNREACHABLE, "no daemon answers");
        List<Refusal> excepted = List.of(except);
        Arrays.stream(Refusal.values())
                .filter(refusal -> !excepted.contains(refusal))
                .forEach(refusal -> all.put(refusal.exitStatus(), refusal.meaning()));
        Map<String, String> list = new LinkedHashMap<>();
        all.forEach((status, meaning) -> list.put(status.toString(), meaning));
        return list;
    }
}
