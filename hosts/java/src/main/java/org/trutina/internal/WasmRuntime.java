package org.trutina.internal;

/** Makes instances of one module. The only implementation that knows a WebAssembly runtime is {@link EndiveRuntime}. */
public interface WasmRuntime {
    /**
     * A new instance of the compiled module.
     *
     * @return an instance without rulesets (or with the one that is baked in)
     */
    WasmInstance fresh();

    /**
     * A new instance of the compiled module that is where another one was.
     *
     * @param image of an instance of the same module
     * @return an instance with the same rulesets under the same handles
     */
    WasmInstance copy(WasmInstance.Image image);

    /**
     * As {@link #copy}, but the module is interpreted: slow, and independent of how the JVM compiles the module's classes.
     *
     * @param image of an instance of the same module
     * @return an instance with the same rulesets under the same handles
     */
    WasmInstance interpreted(WasmInstance.Image image);
}
