package io.ramzswap.attach;

import io.ramzswap.nbd.Export;
import java.lang.reflect.Proxy;

/** An export that nobody uses. */
public final class NoExport {
    private NoExport() {}

    /** One that fails whatever is done with it. */
    public static Export create() {
        return (Export) Proxy.newProxyInstance(
                NoExport.class.getClassLoader(), new Class<?>[] {Export.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
