package io.ramzswap.tier;

import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.tier.ChainView.Link;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The tiers of a device, fastest first. Thread-safe. */
public final class Chain {
    private final List<ChainSession> sessions = new ArrayList<>();
    private List<Tier> tiers;
    private Usage usage = Usage.UNKNOWN;

    /**
     * A chain of these tiers, in this order: those that wait stand behind those that do not.
     *
     * @throws IllegalArgumentException if they do not, or two of them make words of the same state
     */
    public Chain(List<Tier> tiers) {
        this.tiers = checked(tiers);
    }

    private static List<Tier> checked(List<Tier> tiers) {
        int states = 0;
        boolean waits = false;
        for (Tier tier : tiers) {
            if ((states & tier.states()) != 0) {
                throw new IllegalArgumentException("two tiers of a chain make words of one state");
            }
            if (waits && !tier.waits()) {
                throw new IllegalArgumentException("a tier that waits stands before one that does not");
            }
            states |= tier.states();
            waits = tier.waits();
        }
        return List.copyOf(tiers);
    }

    /**
     * Opens it for one thread.
     *
     * @param ledger that thread's
     */
    public synchronized ChainSession open(Ledger ledger) {
        List<TierSession> opened = open(tiers);
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < opened.size(); i++) {
            links.add(new Link(tiers.get(i), opened.get(i), true));
        }
        ChainSession session = new ChainSession(this, ledger, new ChainView(links, usage));
        sessions.add(session);
        return session;
    }

    /** A session of each of these tiers; or none, if one cannot be opened. */
    private static List<TierSession> open(List<Tier> tiers) {
        try (Undo undo = new Undo()) {
            List<TierSession> opened = new ArrayList<>();
            for (Tier tier : tiers) {
                opened.add(undo.with(tier.open(), TierSession::close));
            }
            return undo.done(opened);
        }
    }

    synchronized void close(ChainSession session) {
        sessions.remove(session);
    }

    /**
     * Puts a tier in front of the one that has this place, in all sessions. Pages go there once every session can read what
     * another one has stored there.
     *
     * @throws IllegalArgumentException as the constructor; nothing has changed
     */
    public synchronized void add(int place, Tier tier) {
        List<Tier> changed = new ArrayList<>(tiers);
        changed.add(place, tier);
        changed = checked(changed);
        List<TierSession> opened = open(Collections.nCopies(sessions.size(), tier));
        tiers = changed;
        for (int i = 0; i < opened.size(); i++) {
            List<Link> links = new ArrayList<>(sessions.get(i).view().links);
            links.add(place, new Link(tier, opened.get(i), false));
            sessions.get(i).show(new ChainView(links, usage));
        }
        for (ChainSession session : sessions) {
            List<Link> links = new ArrayList<>(session.view().links);
            links.set(place, new Link(tier, links.get(place).session(), true));
            session.show(new ChainView(links, usage));
        }
    }

    /** Says what notes when pages are used, from now on and in all sessions. */
    public synchronized void setUsage(Usage changed) {
        usage = changed;
        for (ChainSession session : sessions) {
            session.show(new ChainView(session.view().links, changed));
        }
    }
}
