package io.ramzswap.device;

import java.lang.reflect.RecordComponent;

/** Figures as a test wants them. */
public final class Figures {
    private Figures() {}

    /** The same record but for one component, by its name. */
    public static <T extends Record> T with(T whole, String name, Object value) {
        RecordComponent[] components = whole.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        boolean found = false;
        try {
            for (int i = 0; i < components.length; i++) {
                boolean is = components[i].getName().equals(name);
                found |= is;
                types[i] = components[i].getType();
                values[i] = is ? value : components[i].getAccessor().invoke(whole);
            }
            if (!found) {
                throw new IllegalArgumentException("no figure is called " + name);
            }
            @SuppressWarnings("unchecked")
            T changed = (T) whole.getClass().getDeclaredConstructor(types).newInstance(values);
            return changed;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
