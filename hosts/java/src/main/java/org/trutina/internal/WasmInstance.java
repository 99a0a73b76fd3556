package org.trutina.internal;

/** One instance of the engine's module. It belongs to one thread at a time. */
public interface WasmInstance {
    /**
     * Answers a request, see ABI.md.
     *
     * @param verb 1 load, 2 unload, 3 decide, 4 decide_batch, 5 check, 6 describe, 7 explain
     * @param request the bytes of the request
     * @return the bytes of the answer
     * @throws RuntimeException or an Error if the module trapped; the instance must not be used again
     */
    byte[] call(int verb, byte[] request);

    /**
     * The size of its memory.
     *
     * @return in pages of 64 KiB
     */
    int memoryPages();

    /**
     * All that tells this instance from a new one.
     *
     * @return a copy
     */
    Image image();

    /** The memory and the variables of an instance between two calls. */
    final class Image {
        final byte[] memory;
        final long[] globals;

        Image(byte[] memory, long[] globals) {
            this.memory = memory;
            this.globals = globals;
        }
    }
}
