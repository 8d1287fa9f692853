/**
 * The private-use code points (U+E000–U+F8FF) that hold a place in rendered HTML and text. Content never contains
 * them: whatever goes into a template passes through `withoutMarks` first, so nobody can forge one.
 */

/**
 * What differs from reader to reader, in editions (the first two) and letters. Each is one code point in the frozen text:
 * U+E000 + its place here, so that an edition frozen before one was added keeps its meaning.
 */
export const slots = ['unsubscribeUrl', 'preferencesUrl', 'actionUrl', 'newsletters', 'until'] as const;

export type Slot = (typeof slots)[number];

/** What is known of a reader's own values; those that the text has no place for may be left out. */
export type SlotValues = Readonly<Partial<Record<Slot, string>>>;

export function slotMark(slot: Slot): string {
  return String.fromCodePoint(0xe000 + slots.indexOf(slot));
}

/** What differs from variant to variant and is filled when its pieces are joined. */
export const variantSlots = ['preheader', 'facts', 'sources'] as const;

export type VariantSlot = (typeof variantSlots)[number];

export function variantSlotMark(slot: VariantSlot): string {
  return String.fromCodePoint(0xe010 + variantSlots.indexOf(slot));
}

/**
 * Stands around what only a mail says (why you get it, how to leave) and its web version leaves out. HTML comments,
 * because MJML keeps those between sections as well as inside a text.
 */
export const mailOnly = { open: '<!--\uE020-->', close: '<!--\uE021-->' } as const;

/** Stands around what says that a reader had the story before, and gets it again because it has changed. */
export const updateOnly = { open: '<!--\uE022-->', close: '<!--\uE023-->' } as const;

/** Where a piece begins; it reaches to the next cut. */
export function cutMark(name: string, key: string): string {
  return `<!--\uE0FF${name} ${key}\uE0FF-->`;
}

/** The name and key of each cut in the captures. */
export const cutMarkPattern = /<!--\uE0FF([a-z.]+) ([^\uE0FF]*)\uE0FF-->/g;

/** Text without the marks of these parts, and without the parts where they don't belong to it. */
export function withParts(text: string, marks: typeof mailOnly | typeof updateOnly, kept: boolean): string {
  if (kept) return text.replaceAll(marks.open, '').replaceAll(marks.close, '');
  const [first = '', ...rest] = text.split(marks.open);
  return [first, ...rest.map((part) => part.slice(part.indexOf(marks.close) + marks.close.length))].join('');
}

/** Text without private-use code points. */
export function withoutMarks(text: string): string {
  return text.replace(/[\uE000-\uF8FF]/g, '');
}
