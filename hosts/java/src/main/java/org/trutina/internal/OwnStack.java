package org.trutina.internal;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work on a thread of its own whose stack is large enough for every ruleset that loads: how large the caller's stack is, and
 * how much of it is used, is nobody's concern then.
 */
public final class OwnStack {
    /** Bytes: four times what the longest chains of functions took while HotSpot had compiled little. Only what is touched is memory. */
    private static final long SIZE = 8L << 20;

    private OwnStack() {}

    /**
     * Whether this thread is such a one.
     *
     * @return whether there is no larger stack to be had
     */
    public static boolean isHere() {
        return Thread.currentThread() instanceof Roomy;
    }

    /**
     * Does the work on a thread of its own, unless this one is such a thread, and waits for it.
     *
     * @param work what is done
     * @param <T> what comes of it
     * @return what came of it
     * @throws InterruptedException if this thread was interrupted; the work is interrupted, too
     * @throws Exception what the work threw
     */
    public static <T> T run(Callable<T> work) throws Exception {
        if (isHere()) {
            return work.call();
        }
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Roomy(task);
        thread.start();
        try {
            return task.get();
        } catch (InterruptedException interrupted) {
            thread.interrupt();
            throw interrupted;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Error) {
                throw (Error) failed.getCause();
            }
            throw (Exception) failed.getCause();
        }
    }

    private static final class Roomy extends Thread {
        Roomy(Runnable work) {
            super(null, work, "trutina", SIZE, false);
            setDaemon(true);
        }
    }
}
