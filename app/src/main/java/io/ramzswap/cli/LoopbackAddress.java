package io.ramzswap.cli;

import io.ramzswap.attach.listen.ListenAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An address that only this machine can reach: {@code 9101}, {@code 127.0.0.1:9101}, {@code localhost:9101}, {@code [::1]:9101}. */
record LoopbackAddress(InetSocketAddress socket) {
    private static final Pattern FORM = Pattern.compile("(?:([0-9.]+|localhost|\\[[0-9a-fA-F:.]+]):)?([0-9]{1,100})");

    /** For options. */
    static final class Converter implements ITypeConverter<LoopbackAddress> {
        @Override
        public LoopbackAddress convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is no address: write it as 9101, 127.0.0.1:9101 or" + " [::1]:9101");
            }
            int port = port(text, matcher.group(2));
            InetAddress host = host(matcher.group(1), text);
            if (!host.isLoopbackAddress()) {
                throw new TypeConversionException(
                        "'" + text + "' can be reached from other machines, and nothing guards"
                                + " it: take 127.0.0.1, and a proxy with TLS before it");
            }
            return new LoopbackAddress(new InetSocketAddress(host, port));
        }

        private static int port(String text, String digits) {
            try {
                return ListenAddress.port(text, digits);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }

        /** The form lets through no name that would be looked up elsewhere. */
        private static InetAddress host(String name, String text) {
            try {
                return InetAddress.getByName(name == null ? "127.0.0.1" : name);
            } catch (UnknownHostException e) {
                throw new TypeConversionException("'" + text + "' is no address");
            }
        }
    }
}
