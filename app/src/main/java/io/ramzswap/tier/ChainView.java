package io.ramzswap.tier;

import io.ramzswap.table.PageWord;
import java.util.Arrays;
import java.util.List;

/** The tiers of a chain as one session sees them: replaced as a whole where the chain changes. */
final class ChainView {
    /** The states of all words that a tier makes. */
    private static final int STATES_OF_TIERS = (1 << (PageWord.LAST_OF_TIERS + 1)) - (1 << PageWord.COMPRESSED);

    /**
     * A tier, and the session's own use of it.
     *
     * @param takesPages whether it is offered pages, rather than asked only for those that it has
     */
    record Link(Tier tier, TierSession session, boolean takesPages) {}

    final List<Link> links;
    final Usage usage;
    /** The tiers that do not wait. */
    final TierSession[] quick;
    /** The tiers that wait. */
    final TierSession[] slow;
    /** The first of them; null if there is none. */
    final Tier next;
    /** By state of a word. */
    final TierSession[] byState = new TierSession[PageWord.STATES];
    /** The states of pages that are given back under the slot's lock. A word that names no tier counts as one of them. */
    final int lockedStates;
    /** A page that compresses to more bytes than this is not for the quick tiers, while the next one is willing. */
    final int mostBytesAtOnce;

    ChainView(List<Link> links, Usage usage) {
        this.links = List.copyOf(links);
        this.usage = usage;
        this.quick = sessions(false);
        this.slow = sessions(true);
        this.next = links.stream()
                .filter(link -> link.takesPages && link.tier.waits())
                .map(Link::tier)
                .findFirst()
                .orElse(null);
        this.mostBytesAtOnce = next == null ? Tier.ANY_BYTES : next.mostBytesAbove();
        Arrays.fill(byState, NoTier.INSTANCE);
        int locked = STATES_OF_TIERS;
        for (Link link : links) {
            int states = link.tier.states();
            locked &= link.tier.waits() ? ~states : -1;
            for (int state = 0; state < byState.length; state++) {
                if ((states >>> state & 1) != 0) {
                    byState[state] = link.session;
                }
            }
        }
        this.lockedStates = locked;
    }

    private TierSession[] sessions(boolean waiting) {
        return links.stream()
                .filter(link -> link.takesPages && link.tier.waits() == waiting)
                .map(Link::session)
                .toArray(TierSession[]::new);
    }
}
