package org.trutina.internal;

import java.util.concurrent.atomic.AtomicLong;

/** Picks one of n events, each time at another place among its n, so that no regular pattern of work escapes it. */
public final class Sample {
    private final int every;
    private final AtomicLong count = new AtomicLong();

    /**
     * A sample.
     *
     * @param every 0 picks nothing, n one of n
     */
    public Sample(int every) {
        this.every = every;
    }

    /**
     * Whether this event is picked.
     *
     * @return once in each run of n events
     */
    public boolean picks() {
        if (every == 0) {
            return false;
        }
        long now = count.getAndIncrement();
        return now % every == (now / every) % every;
    }
}
