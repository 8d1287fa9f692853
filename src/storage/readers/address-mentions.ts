const base64Lines = /(?:[A-Za-z0-9+/=]{16,}(?:\r?\n|$))+/g;
const encodedWord = /=\?[^?\s]{1,40}\?[bB]\?([A-Za-z0-9+/=]{1,200})\?=/g;

/**
 * Whether a raw message or a provider's event names one of the addresses: plain, as a return path (`ann=example.com`),
 * percent-encoded, in quoted-printable or in base64, in whatever case.
 */
export function mentionsAddress(raw: Uint8Array, addresses: readonly string[]): boolean {
  const forms = addresses.flatMap(formsOf);
  const text = Buffer.from(raw).toString('latin1');
  const decoded = [...text.matchAll(base64Lines), ...text.matchAll(encodedWord)].map((match) =>
    Buffer.from(match[1] ?? match[0], 'base64').toString('latin1'),
  );
  return [text, ...decoded].some((part) => {
    const plain = part.replace(/=\r?\n/g, '').toLowerCase();
    return forms.some((form) => holds(plain, form));
  });
}

/** Not as the end or the beginning of somebody else's address; an escape before it is no part of it. */
function holds(text: string, form: string): boolean {
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
    const isWhole =
      !/[a-z0-9]/.test(text.slice(Math.max(0, at - 1), at)) ||
      /[%=][0-9a-f]{2}$/.test(text.slice(Math.max(0, at - 3), at));
    if (isWhole && !/^(?:[a-z0-9-]|\.[a-z0-9])/.test(text.slice(at + form.length, at + form.length + 2))) return true;
  }
  return false;
}

function formsOf(address: string): string[] {
  const plain = address.toLowerCase();
  return [
    plain,
    plain.replace('@', '='),
    plain.replace('@', '=40'),
    encodeURIComponent(plain).toLowerCase(),
    // In JSON either may be escaped.
    plain.replaceAll('+', '\\u002b').replace('@', '\\u0040'),
  ];
}
