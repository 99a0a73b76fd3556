/** For Node: the module is a file of this package, a ruleset a path. */

import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { entry, fetched, unreadable } from '../../../bindings/js/src/entry.mjs';

/** What may lie in the directory of a ruleset, as the command line reads it. */
const NAMES = ['ruleset.toml', 'rules.rhai', 'reasons.csv', 'README.md'];
const ENDINGS = ['.scorecard.csv', '.scale.csv', '.table.csv', '.matrix.csv', '.signals.csv'];
/** Directories within one another. */
const DEPTH_MAX = 8;

/** An entry point whose module is a file. @param {URL} file */
export const entryOf = (file) => entry(() => readFile(file), read);

async function read(source) {
  if (source instanceof URL) return source.protocol === 'file:' ? fromPath(fileURLToPath(source)) : fetched(source);
  return typeof source === 'string' ? fromPath(source) : fetched(source);
}

async function fromPath(path) {
  try {
    if ((await stat(path)).isDirectory()) return { files: await directory(path) };
    const bytes = await readFile(path);
    return path.endsWith('.rhai') ? { files: { [basename(path)]: bytes } } : bytes;
  } catch (cause) {
    throw unreadable(`cannot read the ruleset: ${cause.message}`, cause);
  }
}

async function directory(root) {
  const files = {};
  await collect(root, '', DEPTH_MAX, files);
  if (files['ruleset.toml'] === undefined && files['rules.rhai'] === undefined) {
    throw new Error(`\`${root}\` has neither ruleset.toml nor rules.rhai; give the directory of a ruleset, a bundle, or a single .rhai file`);
  }
  return files;
}

async function collect(folder, prefix, depth, files) {
  for (const name of (await readdir(folder)).sort()) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    const about = await stat(path);
    if (about.isDirectory() && depth > 0) await collect(path, `${prefix}${name}/`, depth - 1, files);
    if (about.isFile() && belongs(`${prefix}${name}`)) files[`${prefix}${name}`] = await readFile(path);
  }
}

const belongs = (path) =>
  NAMES.includes(path) || /^cases\/.*\.json$/.test(path) || ENDINGS.some((ending) => path.endsWith(ending));
