// An empty project in which the packed package is installed, as a user would.

import { execFileSync } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { here, packageFolder, root } from './common.mjs';

const npm = (cwd, ...words) => execFileSync('npm', words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** @returns the folder of the project, and what was packed */
export async function project(name) {
  const folder = join(root, 'target', 'node', name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const [packed] = JSON.parse(npm(packageFolder, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder));
  await writeFile(join(folder, 'package.json'), '{ "name": "consumer", "private": true }\n');
  npm(folder, 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', `./${packed.filename}`);
  await cp(join(here, 'consumer'), folder, { recursive: true });
  return { folder, packed };
}
