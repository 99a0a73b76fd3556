package org.trutina.internal;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Lends instances of one loaded ruleset, each to one caller at a time. Instances belong to no thread, so that virtual
 * threads and thread pools of any kind may call. Who finds all of them lent waits.
 */
public final class Pool implements AutoCloseable {
    /** An instance that has grown by more pages than this is not kept: 32 MiB. */
    private static final int MOST_GROWTH = 512;

    /** Levels of {@link #room}. */
    private static final int ROOM = 256;

    private final Supplier<WasmInstance> maker;
    private final Semaphore permits;
    private final int most;
    private final int pages;
    private final ConcurrentLinkedDeque<WasmInstance> idle = new ConcurrentLinkedDeque<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicLong made = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    /**
     * A pool with one instance in it.
     *
     * @param first an instance with the ruleset
     * @param maker makes another one
     * @param most how many may exist at a time
     */
    public Pool(WasmInstance first, Supplier<WasmInstance> maker, int most) {
        this.maker = maker;
        this.most = most;
        // Not fair: in a fair one every decision would wait for a sleeping thread to wake up.
        permits = new Semaphore(most, false);
        pages = first.memoryPages();
        idle.push(first);
        made.incrementAndGet();
    }

    /** What is done with an instance while it is lent. */
    public interface Use {
        /**
         * Uses the instance; whatever is thrown condemns it.
         *
         * @param instance lent until this returns
         * @return what came of it
         */
        byte[] with(WasmInstance instance);
    }

    /**
     * Lends an instance.
     *
     * @param use what is done with it
     * @return what came of it
     * @throws InterruptedException if the thread was interrupted while all instances were lent
     */
    public byte[] lend(Use use) throws InterruptedException {
        // A stack that overflows within the semaphore would leave it broken for everybody: so there must be room first.
        room(ROOM, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        permits.acquire();
        try {
            refuseIfClosed();
            WasmInstance instance = idle.poll();
            if (instance == null) {
                instance = make();
            }
            // If the use throws, nobody holds the instance any longer: its memory may be in any state.
            boolean sound = false;
            try {
                byte[] result = use.with(instance);
                sound = true;
                return result;
            } finally {
                if (sound && !closed.get() && instance.memoryPages() - pages <= MOST_GROWTH) {
                    idle.push(instance);
                } else {
                    dropped.incrementAndGet();
                }
            }
        } finally {
            permits.release();
        }
    }

    /**
     * Makes instances until so many wait for work.
     *
     * @param wanted at most as many as may exist
     */
    public void fill(int wanted) {
        for (int have = idle.size(); have < Math.min(wanted, most); have++) {
            refuseIfClosed();
            idle.addLast(make());
        }
    }

    /**
     * Overflows the stack now, while nothing is held, if there is less room than some 40 KiB. Every parameter is needed after the
     * call, so a frame has 160 bytes at least.
     */
    private static long room(
            int levels, long a, long b, long c, long d, long e, long f, long g, long h, long i, long j, long k, long l) {
        if (levels == 0) {
            return a;
        }
        long below = room(levels - 1, b, c, d, e, f, g, h, i, j, k, l, a);
        return below ^ a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ i ^ j ^ k ^ l;
    }

    private WasmInstance make() {
        WasmInstance instance = maker.get();
        made.incrementAndGet();
        return instance;
    }

    private void refuseIfClosed() {
        if (closed.get()) {
            throw new IllegalStateException("the ruleset is closed");
        }
    }

    /**
     * How many more callers would be served without waiting.
     *
     * @return at most as many as instances may exist
     */
    public int free() {
        return permits.availablePermits();
    }

    /**
     * How many instances were made so far.
     *
     * @return since the pool exists
     */
    public long made() {
        return made.get();
    }

    /**
     * How many instances were dropped, because they trapped or grew too large.
     *
     * @return since the pool exists
     */
    public long dropped() {
        return dropped.get();
    }

    @Override
    public void close() {
        closed.set(true);
        idle.clear();
    }
}
