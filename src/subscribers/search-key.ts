import { domainToASCII } from 'node:url';

/**
 * What addresses are looked for by, from the beginning of one as somebody types it: in lower case, and a domain in any
 * script as mail has it. Of a label that isn’t whole yet nothing can be found in another script than Latin.
 */
export function addressSearchKey(text: string): string {
  const typed = text.normalize('NFKC').replace(/\s+/gu, '').toLowerCase();
  const at = typed.lastIndexOf('@');
  const domain = at < 0 ? '' : typed.slice(at + 1);
  if (!/[^\0-\x7f]/.test(domain)) return typed;
  // Empty for what no domain holds; nobody has that.
  const ascii = domainToASCII(domain);
  return ascii === '' ? typed : `${typed.slice(0, at)}@${ascii}`;
}

/**
 * What names are looked for by: without case, accents and other marks, so that the key of a name’s beginning is the
 * beginning of its key.
 */
export function nameSearchKey(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replace(/[\p{M}\p{Cf}]/gu, '')
      .toLowerCase()
      // İ comes apart only when it is small; a sigma is another one at a word’s end.
      .replace(/\p{M}/gu, '')
      .replaceAll('ς', 'σ')
      .replace(/\s+/gu, ' ')
      .trimStart()
  );
}
