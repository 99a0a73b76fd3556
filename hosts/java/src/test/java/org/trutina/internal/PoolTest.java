package org.trutina.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.trutina.UnsupportedJdkException;

class PoolTest {
    private static final class Fake implements WasmInstance {
        int pages = 10;

        @Override
        public byte[] call(int verb, byte[] request) {
            return request;
        }

        @Override
        public int memoryPages() {
            return pages;
        }

        @Override
        public Image image() {
            return new Image(new byte[0], new long[0]);
        }
    }

    private final Fake first = new Fake();
    private final Pool pool = new Pool(first, Fake::new, 2);

    @Test
    void theSameInstanceIsLentAgain() throws Exception {
        for (int i = 0; i < 5; i++) {
            pool.lend(instance -> {
                assertSame(first, instance);
                return null;
            });
        }
        assertEquals(1, pool.made());
    }

    @Test
    void whoThrowsOrGrowsIsDropped() throws Exception {
        assertThrows(IllegalStateException.class, () -> pool.lend(instance -> {
            throw new IllegalStateException("trap");
        }));
        assertThrows(StackOverflowError.class, () -> pool.lend(instance -> {
            throw new StackOverflowError();
        }));
        pool.lend(instance -> {
            ((Fake) instance).pages += 1000;
            return null;
        });
        assertEquals(3, pool.dropped());
        pool.lend(instance -> null);
        assertEquals(4, pool.made());
    }

    @Test
    void whoFindsAllLentWaits() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        CountDownLatch held = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            threads.submit(() -> pool.lend(instance -> {
                held.countDown();
                try {
                    release.await();
                } catch (InterruptedException error) {
                    throw new IllegalStateException(error);
                }
                return null;
            }));
        }
        held.await();
        Future<byte[]> third = threads.submit(() -> pool.lend(instance -> new byte[3]));
        assertThrows(TimeoutException.class, () -> third.get(100, TimeUnit.MILLISECONDS));
        release.countDown();
        assertEquals(3, third.get(10, TimeUnit.SECONDS).length);
        assertEquals(2, pool.made());
        threads.shutdown();
    }

    @Test
    void aClosedPoolLendsNothing() {
        pool.close();
        assertThrows(IllegalStateException.class, () -> pool.lend(instance -> null));
    }

    @Test
    void jdksAreJudged() {
        assertEquals(0, JdkPolicy.verifyEvery(21, null, null));
        assertEquals(0, JdkPolicy.verifyEvery(25, "true", null));
        assertEquals(7, JdkPolicy.verifyEvery(25, null, "7"));
        assertEquals(1000, JdkPolicy.verifyEvery(17, "true", null));
        assertEquals(3, JdkPolicy.verifyEvery(11, "true", "3"));
        for (String accepted : new String[] {null, "", "yes", "TRUE "}) {
            for (int feature : new int[] {11, 17, 20}) {
                assertThrows(UnsupportedJdkException.class, () -> JdkPolicy.verifyEvery(feature, accepted, null));
            }
        }
        for (String every : List.of("0", "-1", "x", "")) {
            assertThrows(UnsupportedJdkException.class, () -> JdkPolicy.verifyEvery(17, "true", every));
        }
    }

    @Test
    void aSamplePicksOneOfNAtEveryPlace() {
        Sample sample = new Sample(10);
        boolean[] places = new boolean[10];
        for (int round = 0; round < 10; round++) {
            int picked = 0;
            for (int place = 0; place < 10; place++) {
                if (sample.picks()) {
                    picked++;
                    places[place] = true;
                }
            }
            assertEquals(1, picked);
        }
        for (boolean place : places) {
            assertEquals(true, place);
        }
        Sample none = new Sample(0);
        for (int i = 0; i < 100; i++) {
            assertEquals(false, none.picks());
        }
    }
}
