/** Text content (XML 1.0 §2.4). What XML forbids must be out of it already. */
export function xmlText(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** ` name="value"` for each that isn't undefined, in their order. */
export function xmlAttributes(values: Readonly<Record<string, string | number | undefined>>): string {
  let written = '';
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const escaped =
      typeof value === 'number'
        ? value
        : value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
    written += ` ${name}="${escaped}"`;
  }
  return written;
}
