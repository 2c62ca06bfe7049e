package io.ramzswap.process;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Guards that are left out on purpose, to see in a machine that may freeze what each of them is worth:
 * {@code -Dramzswap.without=io-flusher,rehearsal} among the JVM's options.
 */
public final class OmittedGuards {
    /** None is. */
    public static final OmittedGuards NONE = new OmittedGuards(EnumSet.noneOf(Name.class));

    private static final String PROPERTY = "ramzswap.without";

    private final Set<Name> omitted;

    /** The guards that can be left out. */
    public enum Name {
        /** {@link MemoryLock}. */
        MEMORY_LOCK,
        /** {@link IoFlusher}. */
        IO_FLUSHER,
        /** {@link RealTimePriority}. */
        REAL_TIME,
        /** The rehearsal of all ways of a page before a device is attached. */
        REHEARSAL;

        private String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private static Name of(String label) {
            return Arrays.stream(values())
                    .filter(name -> name.label().equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "-D" + PROPERTY + ": there is no guard '" + label + "'; they are "
                                    + Arrays.stream(values()).map(Name::label).toList()));
        }
    }

    private OmittedGuards(Set<Name> omitted) {
        this.omitted = omitted;
    }

    /**
     * As the system property says.
     *
     * @throws IllegalArgumentException if it names what is no guard
     */
    public static OmittedGuards ofThisProcess() {
        return of(System.getProperty(PROPERTY, ""));
    }

    static OmittedGuards of(String labels) {
        Set<Name> names = EnumSet.noneOf(Name.class);
        for (String label : labels.split(",", -1)) {
            if (!label.isBlank()) {
                names.add(Name.of(label.strip()));
            }
        }
        return new OmittedGuards(names);
    }

    /** Whether none is. */
    public boolean isEmpty() {
        return omitted.isEmpty();
    }

    /** Whether {@code name} is left out. */
    public boolean has(Name name) {
        return omitted.contains(name);
    }

    /** What {@code taken} answers; or, where it is left out, that it is held, so that the experiment can go on. */
    public Guard unless(Name name, Supplier<Guard> taken) {
        return has(name) ? Guard.HELD : taken.get();
    }

    @Override
    public String toString() {
        return String.join(", ", omitted.stream().map(Name::label).toList());
    }
}
