/** What a URL may hold after its host (RFC 3986 §3.3–3.5); a `%` only before two digits. */
const fit = /^(?:[\w.~!$&'()*+,;=:@/?-]|%[\dA-Fa-f]{2})*(?:#(?:[\w.~!$&'()*+,;=:@/?-]|%[\dA-Fa-f]{2})*)?$/;

/**
 * A URL as standards and validators have it. Browsers, and so `URL`, leave more as it was typed: `[`, `|`, a `%` of its
 * own, a second `#`; these are percent-encoded, as Markdown does it with addresses in a text.
 */
export function strictUrl(url: URL): string {
  const [, host = '', rest = ''] = /^([a-z]+:\/\/[^/?#]*)(.*)$/s.exec(url.href) ?? [];
  if (fit.test(rest)) return url.href;
  const hash = rest.indexOf('#');
  const encoded = rest.replace(/%(?![\dA-Fa-f]{2})|[^\w.~!$&'()*+,;=:@/?%-]/g, (found, at: number) =>
    at === hash ? found : encodeURIComponent(found),
  );
  return host + encoded;
}
