package org.trutina.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import run.endive.runtime.ConstantEvaluators;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.PassiveDataSegment;

/**
 * The linear memory as one array. Endive's own memory is an array of pages, so that each access has two arrays to go through and a
 * page's end to watch; HotSpot inlines some 8,000 bytecodes into a method and leaves all further accesses as calls, and with a short
 * way to a byte it comes much farther. Decisions take half the time, and are compiled far sooner.
 *
 * <p>Bulk operations end at the last page. A single access is checked against the array, which may be longer than the pages in use (it
 * grows by a quarter at least, for it is copied then): there it finds zeros. It never leaves the array.
 */
final class FlatMemory implements Memory {
    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final MemoryLimits limits;
    private byte[] bytes;
    private int pages;
    private DataSegment[] segments;

    FlatMemory(MemoryLimits limits) {
        this.limits = limits;
        pages = limits.initialPages();
        bytes = new byte[size(pages)];
    }

    private static int size(int pages) {
        return Math.multiplyExact(pages, PAGE_SIZE);
    }

    @Override
    public int pages() {
        return pages;
    }

    @Override
    public int initialPages() {
        return limits.initialPages();
    }

    @Override
    public int maximumPages() {
        return limits.maximumPages();
    }

    @Override
    public int grow(int more) {
        int before = pages;
        if (more < 0 || more > maximumPages() - before) {
            return -1;
        }
        if (size(before + more) > bytes.length) {
            bytes = Arrays.copyOf(bytes, size(Math.min(maximumPages(), before + Math.max(more, before / 4))));
        }
        pages = before + more;
        return before;
    }

    @Override
    public void initialize(Instance instance, DataSegment[] data) {
        segments = data;
        if (data == null) {
            return;
        }
        for (DataSegment segment : data) {
            if (segment instanceof ActiveDataSegment) {
                ActiveDataSegment active = (ActiveDataSegment) segment;
                int address = (int) ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[0];
                write(address, active.data(), 0, active.data().length);
            }
        }
    }

    @Override
    public void initPassiveSegment(int segment, int address, int from, int length) {
        write(address, segments[segment].data(), from, length);
    }

    @Override
    public void drop(int segment) {
        segments[segment] = PassiveDataSegment.EMPTY;
    }

    @Override
    public void write(int address, byte[] data, int from, int length) {
        check(address, length);
        System.arraycopy(data, from, bytes, address, length);
    }

    @Override
    public byte[] readBytes(int address, int length) {
        check(address, length);
        return Arrays.copyOfRange(bytes, address, address + length);
    }

    @Override
    public void copy(int to, int from, int length) {
        check(to, length);
        check(from, length);
        System.arraycopy(bytes, from, bytes, to, length);
    }

    @Override
    public void fill(byte value, int from, int to) {
        check(from, to - from);
        Arrays.fill(bytes, from, to, value);
    }

    @Override
    public void zero() {
        Arrays.fill(bytes, (byte) 0);
    }

    private void check(int address, int length) {
        Objects.checkFromIndexSize(address, length, size(pages));
    }

    @Override
    public byte read(int address) {
        return bytes[address];
    }

    @Override
    public void writeByte(int address, byte value) {
        bytes[address] = value;
    }

    @Override
    public short readShort(int address) {
        return (short) SHORTS.get(bytes, address);
    }

    @Override
    public long readU16(int address) {
        return readShort(address) & 0xffffL;
    }

    @Override
    public void writeShort(int address, short value) {
        SHORTS.set(bytes, address, value);
    }

    @Override
    public int readInt(int address) {
        return (int) INTS.get(bytes, address);
    }

    @Override
    public void writeI32(int address, int value) {
        INTS.set(bytes, address, value);
    }

    @Override
    public long readLong(int address) {
        return (long) LONGS.get(bytes, address);
    }

    @Override
    public void writeLong(int address, long value) {
        LONGS.set(bytes, address, value);
    }

    @Override
    public float readFloat(int address) {
        return Float.intBitsToFloat(readInt(address));
    }

    @Override
    public long readF32(int address) {
        return readInt(address);
    }

    @Override
    public void writeF32(int address, float value) {
        writeI32(address, Float.floatToRawIntBits(value));
    }

    @Override
    public double readDouble(int address) {
        return Double.longBitsToDouble(readLong(address));
    }

    @Override
    public long readF64(int address) {
        return readLong(address);
    }

    @Override
    public void writeF64(int address, double value) {
        writeLong(address, Double.doubleToRawLongBits(value));
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public Object lock(int address) {
        throw notShared();
    }

    @Override
    public int waitOn(int address, int expected, long timeout) {
        throw notShared();
    }

    @Override
    public int waitOn(int address, long expected, long timeout) {
        throw notShared();
    }

    @Override
    public int notify(int address, int waiters) {
        throw notShared();
    }

    private static UnsupportedOperationException notShared() {
        return new UnsupportedOperationException("the memory of an instance is not shared between threads");
    }
}
