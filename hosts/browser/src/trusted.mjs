// Addresses of scripts under Trusted Types: the policy `trutina` vouches for the files beside this one and nothing else.

const own = new URL('./', import.meta.url).href;
let policy = null;

/** A script's address as the browser wants it. A page that demands Trusted Types allows the policy `trutina`. */
export function scriptUrl(url) {
  if (!globalThis.trustedTypes) return url.href;
  policy ??= globalThis.trustedTypes.createPolicy('trutina', {
    createScriptURL(href) {
      if (!new URL(href).href.startsWith(own)) throw new TypeError(`${href} is not one of Trutina's own scripts`);
      return href;
    },
  });
  return policy.createScriptURL(url.href);
}
