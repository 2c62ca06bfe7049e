package io.ramzswap.tier;

class ToyTierTest extends TierContract {
    private final Tier tier = new ToyTier(SLOTS);

    @Override
    Tier tier() {
        return tier;
    }
}
