package io.ramzswap.nbd.handshake;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.transmission.TransmissionMode;
import io.ramzswap.nbd.wire.Option;
import io.ramzswap.nbd.wire.OptionReplyType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Which metadata contexts a client is told of and has chosen. Source: NBD protocol document, "Metadata querying". */
final class MetaContexts {
    static final String ALLOCATION = "base:allocation";

    private final ExportCatalog catalog;
    private final OptionReplies replies;

    private String chosenFor = "";
    private boolean allocation;
    private boolean state;

    MetaContexts(ExportCatalog catalog, OptionReplies replies) {
        this.catalog = catalog;
        this.replies = replies;
    }

    /** Takes back what was chosen, as when a choice could not even be read. */
    void forget() {
        allocation = false;
        state = false;
    }

    /** Answers a LIST or SET. */
    void answer(int option, boolean chunkedReplies, ByteBuffer buffer, int index, int length) {
        if (option == Option.SET_META_CONTEXT) {
            // A new choice replaces the old one even when it fails.
            forget();
        }
        if (!chunkedReplies) {
            replies.error(option, OptionReplyType.ERR_INVALID, "structured replies have to be chosen first");
            return;
        }
        final Optional<MetaContextQuery> query = MetaContextQuery.parse(buffer, index, length);
        if (query.isEmpty()) {
            replies.error(option, OptionReplyType.ERR_INVALID, "lengths of name and queries do not match the option's");
            return;
        }
        final Optional<Export> export = catalog.find(query.get().exportName());
        if (export.isEmpty()) {
            replies.error(
                    option,
                    OptionReplyType.ERR_UNKNOWN,
                    "there is no export '" + query.get().exportName() + "'");
        } else if (option == Option.LIST_META_CONTEXT) {
            list(option, query.get().queries(), export.get().stateContext());
        } else {
            set(option, query.get(), export.get().stateContext());
        }
    }

    /** The choice that counts when the transmission phase begins with an export of this name. */
    TransmissionMode mode(TransmissionMode.Form form, String exportName) {
        final boolean counts = exportName.equals(chosenFor);
        return new TransmissionMode(form, counts && allocation, counts && state);
    }

    private void list(int option, List<String> queries, Optional<String> stateContext) {
        if (isListed(queries, ALLOCATION)) {
            replies.metaContext(option, 0, ALLOCATION);
        }
        stateContext.filter(name -> isListed(queries, name)).ifPresent(name -> replies.metaContext(option, 0, name));
        replies.ack(option);
    }

    /** No query asks for all; a namespace and its colon ask for all of that namespace. */
    private static boolean isListed(List<String> queries, String name) {
        final String namespace = name.substring(0, name.indexOf(':') + 1);
        return queries.isEmpty() || queries.contains(name) || queries.contains(namespace);
    }

    private void set(int option, MetaContextQuery query, Optional<String> stateContext) {
        chosenFor = query.exportName();
        allocation = query.queries().contains(ALLOCATION);
        state = stateContext.isPresent() && query.queries().contains(stateContext.get());
        if (allocation) {
            replies.metaContext(option, TransmissionMode.ALLOCATION_CONTEXT_ID, ALLOCATION);
        }
        if (state) {
            replies.metaContext(option, TransmissionMode.STATE_CONTEXT_ID, stateContext.get());
        }
        replies.ack(option);
    }
}
