import type { Token } from 'markdown-it';

/** An address as written (percent-encoded), with the line of the body, from 1. */
export interface WrittenAddress {
  readonly address: string;
  readonly line: number;
}

/** What can be said of a body without rendering it: for those who look for mistakes in it. */
export interface BodyOutline {
  /** Ids that a `#…` may name: headings and footnotes. */
  readonly anchors: ReadonlySet<string>;
  /** Every link and picture, in their order. */
  readonly links: readonly WrittenAddress[];
  readonly pictures: readonly (WrittenAddress & { readonly alt: string })[];
  /** `[^label]` in the text that no note answers to, and notes that nothing refers to (these aren't shown at all). */
  readonly missingNotes: readonly { readonly label: string; readonly line: number }[];
  readonly unusedNotes: readonly string[];
}

/**
 * Reads the outline out of a body's tokens, before they are rendered.
 *
 * @param environment The one that the tokens were parsed in: footnotes are kept there.
 */
export function outlineOf(tokens: readonly Token[], environment: object): BodyOutline {
  const anchors = new Set<string>();
  const links: WrittenAddress[] = [];
  const pictures: (WrittenAddress & { alt: string })[] = [];
  const missingNotes: { label: string; line: number }[] = [];
  let line = 1;

  const visit = (token: Token): void => {
    if (token.type === 'softbreak' || token.type === 'hardbreak') line += 1;
    if (token.type === 'link_open') links.push({ address: token.attrGet('href') ?? '', line });
    if (token.type === 'image') pictures.push({ address: token.attrGet('src') ?? '', line, alt: token.content.trim() });
    if (token.type === 'footnote_ref') anchors.add(noteAnchor('fnref', token.meta));
    if (token.type !== 'text') return;
    for (const [, label = ''] of token.content.matchAll(/\[\^([^\]\s]{1,100})\]/g)) missingNotes.push({ label, line });
  };
  for (const token of tokens) {
    line = token.map ? token.map[0] + 1 : line;
    if (token.type === 'heading_open') anchors.add(token.attrGet('id') ?? '');
    if (token.type === 'footnote_open') anchors.add(noteAnchor('fn', token.meta));
    for (const child of token.children ?? []) visit(child);
  }
  return { anchors, links, pictures, missingNotes, unusedNotes: unusedNotesOf(environment) };
}

/** As markdown-it-footnote writes them: `fn1`, `fnref1`, and `fnref1:1` for the second place that refers to it. */
function noteAnchor(prefix: string, meta: unknown): string {
  const part = (name: string): number => {
    const value: unknown = typeof meta === 'object' && meta !== null ? Reflect.get(meta, name) : undefined;
    return typeof value === 'number' ? value : 0;
  };
  return `${prefix}${part('id') + 1}${part('subId') > 0 ? `:${part('subId')}` : ''}`;
}

/** Notes keep the number -1 until something refers to them. */
function unusedNotesOf(environment: object): string[] {
  const notes: unknown = Reflect.get(environment, 'footnotes');
  const refs: unknown = typeof notes === 'object' && notes !== null ? Reflect.get(notes, 'refs') : undefined;
  if (typeof refs !== 'object' || refs === null) return [];
  return Object.entries(refs)
    .filter(([, number]) => number === -1)
    .map(([label]) => label.slice(1));
}
