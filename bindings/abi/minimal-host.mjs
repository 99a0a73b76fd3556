// node minimal-host.mjs trutina.wasm LOAD AS_OF FACTS: loads a bundle or a load payload, decides once, prints the record.
import { readFileSync } from "node:fs";

const [modulePath, loadPath, asOf, factsPath] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(modulePath), {}); // no imports
const { memory, trutina_abi_version, trutina_alloc, trutina_free, trutina_call } = instance.exports;
if (trutina_abi_version() !== 1) throw new Error("this host knows version 1 of the interface");

function call(verb, request) {
  const at = trutina_alloc(request.length) >>> 0; // addresses are unsigned
  if (at === 0) throw new Error("no room for the request");
  new Uint8Array(memory.buffer).set(request, at);
  const packed = BigInt.asUintN(64, trutina_call(verb, at, request.length)); // a trap throws: drop the instance
  const [start, length] = [Number(packed >> 32n), Number(packed & 0xffffffffn)];
  const answer = new Uint8Array(memory.buffer).slice(start, start + length); // a copy, of the memory as it is now
  trutina_free(at, request.length);
  trutina_free(start, length);
  return answer;
}

const encode = (text) => new TextEncoder().encode(text);
const decode = (bytes) => new TextDecoder().decode(bytes);

const loaded = JSON.parse(decode(call(1, readFileSync(loadPath))));
if (loaded.error) throw new Error(`${loaded.error.code} ${loaded.error.message}`);
const head = `{"handle":${loaded.ok.handle},"as_of":"${asOf}","facts":`; // the facts go in as they are, never through a number
console.log(decode(call(3, encode(`${head}${readFileSync(factsPath, "utf8")}}`))));
