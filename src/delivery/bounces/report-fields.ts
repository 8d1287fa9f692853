/** The fields of one block of a report, by lower-case name; the first of each name. */
export type ReportFields = ReadonlyMap<string, string>;

/** More blocks than any report has recipients. */
const mostBlocks = 500;
const longestValue = 2000;

/**
 * Blocks of `Name: value` lines with blank lines between them (RFC 3464 §2.1, RFC 5965 §3.1), unfolded. Lines that are no field
 * are passed over, and a name that starts a recipient again starts a block even where the blank line is missing.
 */
export function parseReportFields(text: string): ReportFields[] {
  const blocks: Map<string, string>[] = [];
  let block = new Map<string, string>();
  let last = '';
  const close = (): void => {
    if (block.size > 0 && blocks.length < mostBlocks) blocks.push(block);
    block = new Map();
    last = '';
  };
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line.trim() === '') {
      close();
    } else if (/^[ \t]/.test(line)) {
      const value = block.get(last);
      if (value !== undefined && value.length < longestValue) block.set(last, `${value} ${line.trim()}`);
    } else {
      const colon = line.indexOf(':');
      last = colon > 0 ? line.slice(0, colon).trim().toLowerCase() : '';
      if (last === 'final-recipient' && block.has(last)) {
        close();
        last = 'final-recipient';
      }
      if (last !== '' && !block.has(last)) block.set(last, line.slice(colon + 1, colon + 1 + longestValue).trim());
    }
  }
  close();
  return blocks;
}

/** `rfc822; ann@example.com`, `utf-8; ann\x{0107}@…` (RFC 6533 §3), `<ann@example.com>`: the address, or null. */
export function typedAddress(value: string | undefined): string | null {
  if (value === undefined) return null;
  const bare = value.slice(value.indexOf(';') + 1).trim();
  const address = bare.replace(/^<|>$/g, '').replace(/\\x\{([0-9A-Fa-f]{2,6})\}/g, (_, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code > 0x20 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
  return address.length <= 320 && /^[^\s<>@]+@[^\s<>@]+$/.test(address) ? address : null;
}
