/** The plain interface of the modules: four exports, no imports. See bindings/abi/ABI.md. */

import { noModule, stopped } from './errors.mjs';

export const ABI_VERSION = 1;

/** Verbs of the door. */
export const LOAD = 1;
export const UNLOAD = 2;
export const DECIDE = 3;
export const DECIDE_BATCH = 4;
export const CHECK = 5;
export const DESCRIBE = 6;
export const EXPLAIN = 7;

/**
 * A fresh instance of a module, as a door: `call(verb, request) -> answer`, bytes in and out.
 * Whatever it throws poisons it: the caller drops it.
 *
 * @param {WebAssembly.Module} module
 * @returns {{call(verb: number, request: Uint8Array): Uint8Array, memory: WebAssembly.Memory}}
 */
export function open(module) {
  const { memory, trutina_abi_version, trutina_alloc, trutina_free, trutina_call } = instantiate(module);
  const version = trutina_abi_version?.();
  if (version !== ABI_VERSION) {
    throw noModule(version === undefined
      ? 'this WebAssembly module is not Trutina: it has no export `trutina_abi_version`'
      : `this WebAssembly module speaks version ${version} of the interface, this package version ${ABI_VERSION}; use the module that came with the package`);
  }
  // The memory may grow in any call, which detaches every view of it.
  const view = (pointer, length) => new Uint8Array(memory.buffer, pointer, length);
  return {
    memory,
    call(verb, request) {
      const pointer = trutina_alloc(request.length) >>> 0;
      if (pointer === 0) throw new RangeError(`no room for a request of ${request.length} bytes`);
      view(pointer, request.length).set(request);
      const packed = BigInt.asUintN(64, trutina_call(verb, pointer, request.length));
      trutina_free(pointer, request.length);
      const [start, length] = [Number(packed >> 32n), Number(packed & 0xffff_ffffn)];
      const answer = view(start, length).slice();
      trutina_free(start, length);
      return answer;
    },
  };
}

function instantiate(module) {
  try {
    return new WebAssembly.Instance(module, {}).exports;
  } catch (cause) {
    throw cause instanceof WebAssembly.LinkError || cause instanceof TypeError
      ? noModule('this WebAssembly module is not Trutina: it asks for imports', cause)
      : stopped('there is no room for another instance of the engine', cause);
  }
}
