package io.ramzswap.nbd.handshake;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.ExportUnavailableException;
import io.ramzswap.nbd.TransmissionFlag;
import io.ramzswap.nbd.tls.TlsOptions;
import io.ramzswap.nbd.tls.TlsTransport;
import io.ramzswap.nbd.transmission.TransmissionMode;
import io.ramzswap.nbd.transport.ReceiveBuffer;
import io.ramzswap.nbd.transport.SendBuffer;
import io.ramzswap.nbd.transport.Transport;
import io.ramzswap.nbd.wire.GreetingDescriptor;
import io.ramzswap.nbd.wire.InfoDescriptor;
import io.ramzswap.nbd.wire.Option;
import io.ramzswap.nbd.wire.OptionReplyType;
import io.ramzswap.nbd.wire.OptionRequestDescriptor;
import java.util.Optional;

/**
 * The handshake with one client. Confined to one thread.
 *
 * <p>Memory is bounded by the two buffers: an option whose data does not fit into the receive buffer is skipped and
 * refused, whatever length it claims. How long all of it may take is the transport's deadline.
 */
public final class Handshake {
    /** The least bytes of each buffer. */
    public static final int MINIMUM_BUFFER_BYTES = 16 << 10;

    private final Optional<TlsOptions> tls;
    private final ExportCatalog catalog;
    private final ReceiveBuffer in;
    private final SendBuffer out;
    private final OptionReplies replies;

    private Transport transport;
    private boolean secure;
    private State state = State.CLIENT_FLAGS;
    private TransmissionMode.Form form = TransmissionMode.Form.SIMPLE;
    private MetaContexts metaContexts;
    private boolean zeroes;
    private Agreement agreement;

    /**
     * Prepares a handshake.
     *
     * @param tls what the client can start TLS with
     * @param in empty; afterwards it may hold the client's first requests
     * @param out connected to {@code transport}
     */
    public Handshake(
            Transport transport, ExportCatalog catalog, Optional<TlsOptions> tls, ReceiveBuffer in, SendBuffer out) {
        if (Math.min(in.capacity(), out.capacity()) < MINIMUM_BUFFER_BYTES) {
            throw new IllegalArgumentException("handshake buffers need at least " + MINIMUM_BUFFER_BYTES + " bytes");
        }
        this.transport = transport;
        this.catalog = catalog;
        this.tls = tls;
        this.in = in;
        this.out = out;
        replies = new OptionReplies(out);
        metaContexts = new MetaContexts(catalog, replies);
    }

    /**
     * Greets the client and answers until it has chosen an export; empty when it has gone or was sent away: then the transport is
     * closed, and if TLS was started, the client was told.
     */
    public Optional<Agreement> run() {
        greet();
        while (state == State.CLIENT_FLAGS || state == State.OPTIONS) {
            if (state == State.CLIENT_FLAGS) {
                readClientFlags();
            } else {
                readOption();
            }
        }
        if (!out.flush() && agreement != null) {
            agreement.session().close();
            agreement = null;
        }
        if (agreement == null) {
            transport.close();
        }
        return Optional.ofNullable(agreement);
    }

    private void greet() {
        GreetingDescriptor.put(out.buffer(), out.reserve(GreetingDescriptor.LENGTH));
        out.commit(GreetingDescriptor.LENGTH);
    }

    private void readClientFlags() {
        if (!await(GreetingDescriptor.CLIENT_FLAGS_LENGTH)) {
            state = State.CLOSED;
            return;
        }
        final int flags = in.buffer().getInt(in.start());
        in.consume(GreetingDescriptor.CLIENT_FLAGS_LENGTH);
        zeroes = (flags & GreetingDescriptor.NO_ZEROES) == 0;
        state = GreetingDescriptor.areKnownClientFlags(flags) ? State.OPTIONS : State.CLOSED;
    }

    private void readOption() {
        if (!await(OptionRequestDescriptor.LENGTH) || !OptionRequestDescriptor.hasMagic(in.buffer(), in.start())) {
            state = State.CLOSED;
            return;
        }
        final int option = OptionRequestDescriptor.option(in.buffer(), in.start());
        final long length = OptionRequestDescriptor.dataLength(in.buffer(), in.start());
        in.consume(OptionRequestDescriptor.LENGTH);
        if (length > in.capacity()) {
            refuseUnread(option, length);
        } else if (await((int) length)) {
            answer(option, (int) length);
            in.consume((int) length);
        } else {
            state = State.CLOSED;
        }
    }

    private void refuseUnread(int option, long length) {
        // EXPORT_NAME has no way to say no but to hang up.
        if (option == Option.EXPORT_NAME || !skip(length)) {
            state = State.CLOSED;
        } else if (isTooEarly(option)) {
            refuseBeforeTls(option);
        } else if (option == Option.ABORT) {
            abort();
        } else if (isKnown(option)) {
            if (option == Option.SET_META_CONTEXT) {
                metaContexts.forget();
            }
            replies.error(option, OptionReplyType.ERR_TOO_BIG, length + " bytes are too many for this option");
        } else {
            refuseUnknown(option);
        }
    }

    private void answer(int option, int length) {
        if (isTooEarly(option)) {
            refuseBeforeTls(option);
            return;
        }
        switch (option) {
            case Option.EXPORT_NAME -> exportName(length);
            case Option.ABORT -> abort();
            case Option.LIST -> list(option, length);
            case Option.STARTTLS -> startTls(option, length);
            case Option.INFO, Option.GO -> infoOrGo(option, length);
            case Option.STRUCTURED_REPLY, Option.EXTENDED_HEADERS -> chooseForm(option, length);
            case Option.LIST_META_CONTEXT, Option.SET_META_CONTEXT -> metaContexts(option, length);
            default -> refuseUnknown(option);
        }
    }

    private static boolean isKnown(int option) {
        return switch (option) {
            case Option.ABORT,
                    Option.LIST,
                    Option.STARTTLS,
                    Option.INFO,
                    Option.GO,
                    Option.STRUCTURED_REPLY,
                    Option.LIST_META_CONTEXT,
                    Option.SET_META_CONTEXT,
                    Option.EXTENDED_HEADERS -> true;
            default -> false;
        };
    }

    /** Whether the client has to start TLS first. */
    private boolean isTooEarly(int option) {
        return tls.isPresent()
                && tls.get().required()
                && !secure
                && option != Option.STARTTLS
                && option != Option.ABORT;
    }

    private void refuseBeforeTls(int option) {
        if (option == Option.EXPORT_NAME) {
            state = State.CLOSED;
        } else {
            replies.error(option, OptionReplyType.ERR_TLS_REQD, "start TLS first");
        }
    }

    /** Whatever data came with it. */
    private void abort() {
        replies.ack(Option.ABORT);
        state = State.CLOSED;
    }

    private void startTls(int option, int length) {
        if (tls.isEmpty()) {
            replies.error(option, OptionReplyType.ERR_POLICY, "this server has no certificate to start TLS with");
        } else if (length != 0 || secure) {
            replies.error(option, OptionReplyType.ERR_INVALID, secure ? "TLS was started already" : "no data, please");
        } else if (in.available() > 0) {
            // Sent before the answer: whoever slips words in before TLS must not have them taken for the client's.
            state = State.CLOSED;
        } else {
            replies.ack(option);
            secure();
        }
    }

    private void secure() {
        final TlsTransport encrypted =
                new TlsTransport(transport, tls.orElseThrow().newEngine());
        if (!out.flush()) {
            state = State.CLOSED;
            return;
        }
        transport = encrypted;
        if (!encrypted.handshake()) {
            state = State.CLOSED;
            return;
        }
        out.connect(encrypted);
        secure = true;
        // What was agreed on before could have been tampered with.
        form = TransmissionMode.Form.SIMPLE;
        metaContexts = new MetaContexts(catalog, replies);
    }

    private void refuseUnknown(int option) {
        replies.error(
                option, OptionReplyType.ERR_UNSUP, "option " + Integer.toUnsignedString(option) + " is not supported");
    }

    private void exportName(int length) {
        state = State.CLOSED;
        if (length > ExportQuery.MAXIMUM_NAME_BYTES || form == TransmissionMode.Form.EXTENDED) {
            return;
        }
        final String name = ExportQuery.text(in.buffer(), in.start(), length);
        final Optional<Export> export = catalog.find(name);
        if (export.isPresent() && openSession(name, export.get()).isEmpty()) {
            replies.exportName(export.get().sizeBytes(), transmissionFlags(export.get()), zeroes);
        }
    }

    private void list(int option, int length) {
        if (length != 0) {
            replies.error(option, OptionReplyType.ERR_INVALID, "LIST takes no data");
            return;
        }
        catalog.list().forEach(export -> replies.server(option, export));
        replies.ack(option);
    }

    private void chooseForm(int option, int length) {
        if (length != 0) {
            replies.error(option, OptionReplyType.ERR_INVALID, "this option takes no data");
        } else if (option == Option.EXTENDED_HEADERS) {
            form = TransmissionMode.Form.EXTENDED;
            replies.ack(option);
        } else if (form == TransmissionMode.Form.EXTENDED) {
            replies.error(option, OptionReplyType.ERR_EXT_HEADER_REQD, "extended headers were chosen already");
        } else {
            form = TransmissionMode.Form.STRUCTURED;
            replies.ack(option);
        }
    }

    private void metaContexts(int option, int length) {
        final boolean chunked = form != TransmissionMode.Form.SIMPLE;
        metaContexts.answer(option, chunked, in.buffer(), in.start(), length);
    }

    private void infoOrGo(int option, int length) {
        final Optional<ExportQuery> query = ExportQuery.parse(in.buffer(), in.start(), length);
        if (query.isEmpty()) {
            replies.error(option, OptionReplyType.ERR_INVALID, "lengths of name and list do not match the option's");
            return;
        }
        final Optional<Export> export = catalog.find(query.get().name());
        if (export.isEmpty()) {
            replies.error(
                    option,
                    OptionReplyType.ERR_UNKNOWN,
                    "there is no export '" + query.get().name() + "'");
            return;
        }
        final Optional<String> obstacle =
                option == Option.GO ? openSession(query.get().name(), export.get()) : Optional.empty();
        if (obstacle.isPresent()) {
            replies.error(option, OptionReplyType.ERR_POLICY, obstacle.get());
            return;
        }
        describe(option, query.get(), export.get());
        replies.ack(option);
    }

    private void describe(int option, ExportQuery query, Export export) {
        replies.exportInfo(option, export.sizeBytes(), transmissionFlags(export));
        // Sent unasked too: a client that does not know it ignores it, and one that does is spared a guess.
        replies.blockSizeInfo(option, export.blockSize());
        if (query.wants(InfoDescriptor.NAME)) {
            replies.textInfo(option, InfoDescriptor.NAME, export.name());
        }
        if (query.wants(InfoDescriptor.DESCRIPTION) && !export.description().isEmpty()) {
            replies.textInfo(option, InfoDescriptor.DESCRIPTION, export.description());
        }
    }

    /** Agrees on an export, or tells why not. */
    private Optional<String> openSession(String name, Export export) {
        try {
            final ExportSession session = export.open();
            agreement = new Agreement(export, session, metaContexts.mode(form, name), transport);
            state = State.AGREED;
            return Optional.empty();
        } catch (ExportUnavailableException e) {
            return Optional.of(e.getMessage());
        }
    }

    private int transmissionFlags(Export export) {
        final int dontFragment = form == TransmissionMode.Form.SIMPLE ? 0 : TransmissionFlag.SEND_DF;
        return export.transmissionFlags() | TransmissionFlag.HAS_FLAGS | dontFragment;
    }

    private boolean await(int count) {
        while (in.available() < count) {
            if (!out.flush() || !in.fill(transport)) {
                return false;
            }
        }
        return true;
    }

    private boolean skip(long count) {
        long remaining = count;
        while (remaining > 0) {
            if (!await(1)) {
                return false;
            }
            final int piece = (int) Math.min(remaining, in.available());
            in.consume(piece);
            remaining -= piece;
        }
        return true;
    }

    /** The progress of a handshake. {@link #AGREED} and {@link #CLOSED} are final. */
    enum State {
        /** The greeting is out; the client's flags come next. */
        CLIENT_FLAGS,
        /** An option comes next. */
        OPTIONS,
        /** An export was chosen; the next byte belongs to the transmission phase. */
        AGREED,
        /** The client has gone, was sent away, or broke the protocol. */
        CLOSED
    }
}
