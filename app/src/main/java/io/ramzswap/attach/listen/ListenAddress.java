package io.ramzswap.attach.listen;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An address for clients, as a user names it. */
public sealed interface ListenAddress {
    /** The syntax of an address. */
    String FORMS = "unix:PATH, tcp:[HOST:]PORT, systemd: or stdio:";

    /** A socket file. */
    record Unix(Path path) implements ListenAddress {}

    /** A port; the host may be unresolved. */
    record Tcp(InetSocketAddress address) implements ListenAddress {}

    /** The sockets that systemd, or a client that plays it, has bound for this process. */
    record Inherited() implements ListenAddress {}

    /** Standard input and output, which are one client's. */
    record StandardStreams() implements ListenAddress {}

    /**
     * Reads one of {@link #FORMS}.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static ListenAddress parse(String text) {
        if (text.equals("systemd:")) {
            return new Inherited();
        }
        if (text.equals("stdio:")) {
            return new StandardStreams();
        }
        if (text.startsWith("unix:") && text.length() > "unix:".length()) {
            return unix(text);
        }
        Matcher tcp = TcpForm.PATTERN.matcher(text);
        if (tcp.matches()) {
            return tcp(text, TcpForm.host(tcp), tcp.group("port"));
        }
        throw noAddress(text);
    }

    private static ListenAddress unix(String text) {
        try {
            return new Unix(Path.of(text.substring("unix:".length())));
        } catch (InvalidPathException e) {
            throw noAddress(text);
        }
    }

    private static ListenAddress tcp(String text, String host, String digits) {
        int port = port(text, digits);
        return new Tcp(
                host == null
                        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                        : new InetSocketAddress(host, port));
    }

    /**
     * Reads the port in {@code address}.
     *
     * @throws IllegalArgumentException if it is more than a port can be
     */
    static int port(String address, String digits) {
        BigInteger port = new BigInteger(digits);
        if (port.compareTo(BigInteger.valueOf(TcpForm.MAXIMUM_PORT)) > 0) {
            throw new IllegalArgumentException(
                    "'" + address + "' has a port that is too large: the last one is " + TcpForm.MAXIMUM_PORT);
        }
        return port.intValueExact();
    }

    private static IllegalArgumentException noAddress(String text) {
        return new IllegalArgumentException("'" + text + "' is no address: write it as " + FORMS);
    }

    /** "tcp:10809", "tcp:localhost:10809", "tcp:[::1]:10809". */
    final class TcpForm {
        private static final Pattern PATTERN =
                Pattern.compile("tcp:(?:\\[(?<six>[0-9a-fA-F:.%]+)]:|(?<host>[^:\\[\\]]+):)?(?<port>[0-9]{1,100})");
        private static final int MAXIMUM_PORT = 65535;

        private TcpForm() {}

        private static String host(Matcher tcp) {
            return tcp.group("six") == null ? tcp.group("host") : tcp.group("six");
        }
    }
}
