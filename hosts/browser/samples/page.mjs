// What the samples share: reading what lies beside them, and printing into the page.

import { load } from './trutina/browser.mjs';

export async function fetched(name) {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response;
}

/** A ruleset from its sources; a bundle is loaded by its address: `load('rating.trutina', { trust })`. */
export const ruleset = async (name) => load(await (await fetched(`${name}.json`)).json());

export const applicant = async () => (await fetched('applicant.json')).json();

export function print(text, end = '\n') {
  document.querySelector('pre').append(text + end);
}

/** Prints what a sample gives, and then says that it is done. */
export async function run(sample) {
  try {
    await sample();
  } catch (error) {
    print(`${error.code ?? error.name}: ${error.message}`);
  }
  document.documentElement.dataset.done = 'true';
}
