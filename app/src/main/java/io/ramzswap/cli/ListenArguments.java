package io.ramzswap.cli;

import io.ramzswap.attach.listen.ListenAddress;
import io.ramzswap.attach.listen.ListenOptions;
import io.ramzswap.attach.listen.TlsSettings;
import io.ramzswap.nbd.server.ServerOptions;
import io.ramzswap.nbd.server.SocketOwner;
import io.ramzswap.nbd.server.UnixListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** What ramzswapd is told about NBD clients. */
final class ListenArguments {
    private static final int MAX_DEVICES = 16;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            converter = ListenConverters.Address.class,
            description = {
                "Serve a device, rz0, to NBD clients, " + ServerOptions.DEFAULT_CONNECTIONS
                        + " at the same time, at this address; may be given several times:",
                "unix:PATH, a Unix socket;",
                "tcp:[HOST:]PORT, of this machine's own unless HOST is given; other machines' need --tls=require;",
                "systemd:, the sockets that systemd or a client hands over;",
                "stdio:, the one client at standard input and output, with whom the daemon ends."
            })
    private final List<ListenAddress> addresses = new ArrayList<>();

    @Option(
            names = {"-s", "--stdio"},
            description = "The same as --listen=stdio:")
    private boolean stdio;

    @Option(
            names = "--socket-mode",
            paramLabel = "MODE",
            converter = ListenConverters.Mode.class,
            description = "Permissions of Unix sockets, in octal. Default: 0600.")
    private Integer socketMode;

    @Option(
            names = "--socket-owner",
            paramLabel = "[USER][:GROUP]",
            converter = ListenConverters.Owner.class,
            description = "Owner of Unix sockets. Default: who starts the daemon.")
    private SocketOwner socketOwner;

    @Option(
            names = "--tls",
            paramLabel = "off|on|require",
            converter = ListenConverters.Tls.class,
            description = "Whether clients may, or have to, start TLS. Default: off.")
    private TlsUse tls = TlsUse.OFF;

    @Option(
            names = "--tls-certificates",
            paramLabel = "DIR",
            description = "Where server-cert.pem, server-key.pem and, for --tls-verify-peer, ca-cert.pem are.")
    private Path tlsCertificates;

    @Option(
            names = "--tls-verify-peer",
            description = "Only serve clients that show a certificate signed by one of ca-cert.pem.")
    private boolean tlsVerifyPeer;

    @Option(
            names = {"-r", "--read-only"},
            description = "Clients may read and not change anything.")
    private boolean readOnly;

    @Option(
            names = "--devices",
            paramLabel = "N",
            description = "Serve N devices, the exports rz0, rz1 and so on. Default: 1.")
    private Integer devices;

    /**
     * How devices are to be served, if they are.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    Optional<ListenOptions> options() {
        if (stdio) {
            addresses.add(new ListenAddress.StandardStreams());
        }
        if (addresses.isEmpty()) {
            require(!isAnythingElseGiven(), "the options for sockets, TLS, --read-only and --devices go with --listen");
            return Optional.empty();
        }
        check();
        return Optional.of(new ListenOptions(
                List.copyOf(addresses),
                socketMode == null ? UnixListener.OWNER_ONLY : socketMode,
                socketOwner == null ? SocketOwner.WHOEVER_LISTENS : socketOwner,
                tlsSettings(),
                devices == null ? 1 : devices,
                readOnly));
    }

    private boolean isAnythingElseGiven() {
        return socketMode != null
                || socketOwner != null
                || tls != TlsUse.OFF
                || tlsCertificates != null
                || tlsVerifyPeer
                || readOnly
                || devices != null;
    }

    private void check() {
        require(
                addresses.size() == 1 || !addresses.contains(new ListenAddress.StandardStreams()),
                "standard input and output are one client's: stdio: goes with no other address");
        require(Set.copyOf(addresses).size() == addresses.size(), "--listen names an address twice");
        require(
                (socketMode == null && socketOwner == null)
                        || addresses.stream().anyMatch(ListenAddress.Unix.class::isInstance),
                "--socket-mode and --socket-owner go with --listen unix:PATH");
        require(
                devices == null || (devices >= 1 && devices <= MAX_DEVICES),
                "--devices takes 1 to " + MAX_DEVICES + ", not " + devices);
    }

    private Optional<TlsSettings> tlsSettings() {
        if (tls == TlsUse.OFF) {
            require(
                    tlsCertificates == null && !tlsVerifyPeer,
                    "--tls-certificates and --tls-verify-peer go with --tls=on or --tls=require");
            return Optional.empty();
        }
        require(tlsCertificates != null, "--tls=" + tls + " needs --tls-certificates");
        return Optional.of(new TlsSettings(tls == TlsUse.REQUIRE, tlsCertificates, tlsVerifyPeer));
    }

    private static void require(boolean condition, String complaint) {
        if (!condition) {
            throw new IllegalArgumentException(complaint);
        }
    }

    /** Whether clients start TLS. */
    enum TlsUse {
        /** They cannot. */
        OFF,
        /** They may. */
        ON,
        /** They have to. */
        REQUIRE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
