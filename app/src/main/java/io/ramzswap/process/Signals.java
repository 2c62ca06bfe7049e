package io.ramzswap.process;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals handled by us instead of ending the JVM. The class behind it, {@code sun.misc.Signal}, is part of the module
 * jdk.unsupported, which every JDK exports and javac warns about whenever it is named; so it is reached by reflection.
 */
public final class Signals {
    private Signals() {}

    /**
     * Runs {@code handler} with the signal's name, on a thread of its own, each time one of {@code names} (as in TERM)
     * arrives.
     *
     * @throws IllegalStateException if this JVM does not allow that, as under {@code -Xrs}
     */
    public static void handle(Consumer<String> handler, String... names) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Method register = signal.getMethod("handle", signal, handlerType);
            for (String name : names) {
                Object proxy = Proxy.newProxyInstance(
                        Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (self, method, arguments) -> {
                            if (!method.getName().equals("handle")) {
                                return method.invoke(name, arguments);
                            }
                            handler.accept("SIG" + name);
                            return null;
                        });
                register.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM lets no program handle signals; do not start it with -Xrs", e);
        }
    }
}
