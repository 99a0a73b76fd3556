package org.trutina.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.Memory;
import run.endive.wasm.types.MemoryLimits;

/** The memory beside the one that comes with Endive. */
class FlatMemoryTest {
    private static final MemoryLimits LIMITS = new MemoryLimits(1, 8);

    @Test
    void isTheMemoryOfEndive() {
        Random random = new Random(7);
        Memory ours = new FlatMemory(LIMITS);
        Memory theirs = new ByteArrayMemory(LIMITS);
        for (int step = 0; step < 100_000; step++) {
            int kind = random.nextInt(10);
            int size = ours.pages() * Memory.PAGE_SIZE;
            int at = random.nextInt(size - 400);
            int from = random.nextInt(size - 400);
            int length = random.nextInt(400);
            long value = random.nextLong();
            for (Memory memory : new Memory[] {ours, theirs}) {
                act(memory, kind, at, from, length, value);
            }
            assertEquals(theirs.readLong(from), ours.readLong(from));
            assertEquals(theirs.readInt(at), ours.readInt(at));
            assertEquals(theirs.readShort(at), ours.readShort(at));
            assertEquals(theirs.readU16(at), ours.readU16(at));
            assertEquals(theirs.read(at), ours.read(at));
            assertEquals(theirs.readF32(at), ours.readF32(at));
            assertEquals(theirs.readF64(at), ours.readF64(at));
            if (step % 20_000 == 0) {
                assertEquals(theirs.grow(1), ours.grow(1));
            }
        }
        assertEquals(6, ours.pages());
        assertArrayEquals(theirs.readBytes(0, 6 * Memory.PAGE_SIZE), ours.readBytes(0, 6 * Memory.PAGE_SIZE));
    }

    private static void act(Memory memory, int kind, int at, int from, int length, long value) {
        switch (kind) {
            case 0:
                memory.writeByte(at, (byte) value);
                break;
            case 1:
                memory.writeShort(at, (short) value);
                break;
            case 2:
                memory.writeI32(at, (int) value);
                break;
            case 3:
                memory.writeF32(at, value);
                break;
            case 4:
                memory.writeF64(at, value);
                break;
            case 5:
                memory.fill((byte) value, at, at + length);
                break;
            case 6:
            case 7:
                memory.copy(at, kind == 6 ? from : at + length / 2, length / 2);
                break;
            case 8:
                memory.write(at, memory.readBytes(from, length));
                break;
            default:
                memory.writeLong(at, value);
        }
    }

    @Test
    void endsWhereItsPagesEnd() {
        Memory memory = new FlatMemory(LIMITS);
        int end = Memory.PAGE_SIZE;
        for (Executable access : new Executable[] {
            () -> memory.read(end),
            () -> memory.read(-1),
            () -> memory.readInt(end - 3),
            () -> memory.writeLong(end - 7, 1),
            () -> memory.readBytes(end - 1, 2),
            () -> memory.readBytes(-1, 1),
            () -> memory.write(end, new byte[1]),
            () -> memory.copy(end - 1, 0, 2),
            () -> memory.fill((byte) 1, end - 1, end + 1),
        }) {
            assertThrows(IndexOutOfBoundsException.class, access);
        }
        assertEquals(-1, memory.grow(8));
        assertEquals(-1, memory.grow(-1));
        assertEquals(1, memory.grow(7));
        assertEquals(8, memory.pages());
        assertEquals(0, memory.readInt(8 * end - 4));
    }
}
