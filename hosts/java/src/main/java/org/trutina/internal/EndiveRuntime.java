package org.trutina.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Function;
import run.endive.runtime.CompiledModule;
import run.endive.runtime.ExportFunction;
import run.endive.runtime.GlobalInstance;
import run.endive.runtime.Instance;
import run.endive.runtime.InterpreterMachine;
import run.endive.runtime.Machine;
import run.endive.runtime.Memory;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.MutabilityType;

/** The module on Endive. Everything that knows Endive is here. */
public final class EndiveRuntime implements WasmRuntime {
    /** What {@code trutina_abi_version} must answer. */
    private static final int ABI_VERSION = 1;

    /** The most pages of 64 KiB that an instance may have: 128 MiB. */
    private static final int MOST_PAGES = 2048;

    private static final String PACKAGE = "org.trutina.wasm.";

    private final WasmModule module;
    private final Function<Instance, Machine> machine;
    private final Original original;

    private EndiveRuntime(WasmModule module, Function<Instance, Machine> machine, Original original) {
        this.module = module;
        this.machine = machine;
        this.original = original;
    }

    /**
     * The module with the parser.
     *
     * @return sources and bundles
     */
    public static WasmRuntime full() {
        return Full.RUNTIME;
    }

    /**
     * The module without the parser.
     *
     * @return bundles only
     */
    public static WasmRuntime bundlesOnly() {
        return BundlesOnly.RUNTIME;
    }

    /**
     * A module that is given as bytes, as one with a ruleset baked in. If its code is that of the module without the parser, the
     * compiled classes run it; else it is interpreted.
     *
     * @param wasm the bytes of the module
     * @return its runtime
     */
    public static WasmRuntime of(byte[] wasm) {
        WasmModule module = Parser.parse(wasm);
        EndiveRuntime compiled = BundlesOnly.RUNTIME;
        boolean known = sameCode(module, compiled.original.module());
        return new EndiveRuntime(module, known ? compiled.machine : InterpreterMachine::new, () -> module);
    }

    /** Whether two modules differ in their data and in the values of their variables alone. */
    private static boolean sameCode(WasmModule one, WasmModule other) {
        return one.typeSection().equals(other.typeSection())
                && one.functionSection().equals(other.functionSection())
                && one.codeSection().equals(other.codeSection())
                && one.tableSection().equals(other.tableSection())
                && one.elementSection().equals(other.elementSection())
                && one.globalSection().globalCount() == other.globalSection().globalCount();
    }

    /**
     * Whether instances run compiled classes.
     *
     * @return false if they are interpreted
     */
    public boolean isCompiled() {
        return machine == BundlesOnly.RUNTIME.machine || machine == Full.RUNTIME.machine;
    }

    @Override
    public WasmInstance fresh() {
        return new Running(instance(module, machine));
    }

    @Override
    public WasmInstance copy(WasmInstance.Image image) {
        Running running = new Running(instance(module, machine));
        running.become(image);
        return running;
    }

    @Override
    public WasmInstance interpreted(WasmInstance.Image image) {
        Running running = new Running(instance(original.module(), InterpreterMachine::new));
        running.become(image);
        return running;
    }

    private static Instance instance(WasmModule module, Function<Instance, Machine> machine) {
        int initial = module.memorySection()
                .filter(section -> section.memoryCount() == 1)
                .map(section -> section.getMemory(0).limits().initialPages())
                .orElseThrow(() -> new IllegalStateException("the module has no memory of its own"));
        return Instance.builder(module)
                .withMachineFactory(machine)
                .withMemoryFactory(FlatMemory::new)
                .withMemoryLimits(new MemoryLimits(initial, MOST_PAGES))
                .build();
    }

    /** The module with its code, which the compiled classes do without. */
    private interface Original {
        WasmModule module();
    }

    private static EndiveRuntime compiled(CompiledModule module, String file) {
        return new EndiveRuntime(module.wasmModule(), module.machineFactory(), new Resource(file));
    }

    private static final class Full {
        static final EndiveRuntime RUNTIME = compiled(new org.trutina.wasm.Full(), "trutina.wasm");
    }

    private static final class BundlesOnly {
        static final EndiveRuntime RUNTIME = compiled(new org.trutina.wasm.Runtime(), "trutina-runtime.wasm");
    }

    /** The module as it was built, read when it is first needed: that is on old JDKs only. */
    private static final class Resource implements Original {
        private final String file;
        private WasmModule read;

        Resource(String file) {
            this.file = file;
        }

        @Override
        public synchronized WasmModule module() {
            if (read == null) {
                read = read();
            }
            return read;
        }

        private WasmModule read() {
            try (InputStream in = EndiveRuntime.class.getResourceAsStream("/org/trutina/wasm/" + file)) {
                if (in == null) {
                    throw new IllegalStateException(file + " is not in this jar");
                }
                return Parser.parse(in);
            } catch (IOException error) {
                throw new UncheckedIOException(error);
            }
        }
    }

    private static final class Running implements WasmInstance {
        private final Instance instance;
        private final Memory memory;
        private final ExportFunction alloc;
        private final ExportFunction free;
        private final ExportFunction call;

        Running(Instance instance) {
            this.instance = instance;
            long version = instance.export("trutina_abi_version").apply()[0];
            if (version != ABI_VERSION) {
                throw new IllegalStateException(
                        "the module's interface is of version " + version + ", this host speaks " + ABI_VERSION);
            }
            memory = instance.memory();
            alloc = instance.export("trutina_alloc");
            free = instance.export("trutina_free");
            call = instance.export("trutina_call");
        }

        @Override
        public byte[] call(int verb, byte[] request) {
            int address = (int) alloc.apply(request.length)[0];
            if (address == 0 && request.length > 0) {
                throw new IllegalStateException("no memory for a request of " + request.length + " bytes");
            }
            memory.write(address, request);
            long packed = call.apply(verb, address, request.length)[0];
            int answer = (int) (packed >>> 32);
            int length = (int) packed;
            byte[] copied = memory.readBytes(answer, length);
            free.apply(address, request.length);
            free.apply(answer, length);
            return copied;
        }

        @Override
        public int memoryPages() {
            return memory.pages();
        }

        @Override
        public Image image() {
            long[] globals = new long[instance.globalCount()];
            for (int i = 0; i < globals.length; i++) {
                globals[i] = instance.global(i).getValue();
            }
            return new Image(memory.readBytes(0, Math.multiplyExact(memory.pages(), Memory.PAGE_SIZE)), globals);
        }

        void become(Image image) {
            int pages = image.memory.length / Memory.PAGE_SIZE;
            if (pages > memory.pages() && memory.grow(pages - memory.pages()) < 0) {
                throw new IllegalStateException("no memory for a copy of " + pages + " pages");
            }
            memory.write(0, image.memory);
            for (int i = 0; i < image.globals.length; i++) {
                GlobalInstance global = instance.global(i);
                if (global.getMutabilityType() == MutabilityType.Var) {
                    global.setValue(image.globals[i]);
                }
            }
        }
    }
}
