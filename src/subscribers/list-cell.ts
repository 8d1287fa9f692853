/** Lists are separated by semicolons, or by commas where there is none; Mailchimp puts quotes around tags. */
export function listOf(text: string): string[] {
  return text
    .split(text.includes(';') ? ';' : ',')
    .map((key) => key.trim().replace(/^"(.*)"$/, '$1'))
    .filter((key) => key !== '');
}

/** `weekly=monthly` → `['weekly', 'monthly']` */
export function pairOf(text: string): readonly [string, string | null] {
  const at = text.indexOf('=');
  return at < 0 ? [text, null] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
