import { AppError } from '../errors.ts';
import { cutMarkPattern, mailOnly, slotMark, slots, updateOnly, withParts } from './marks.ts';
import type { Piece } from './pieces.ts';

/** A template's output cut at its `cut` tags. */
export interface CutPieces {
  /** @throws AppError `invalid` where the template cuts no such piece. */
  get(name: string, key?: string): Piece;
}

/**
 * Cuts the HTML and text of an edition into pieces. Both templates name the same pieces; where one says the same name
 * and key twice, its parts are joined.
 *
 * @throws AppError `invalid` where a link of the reader's own stands outside `mail_only`, or the text is missing that says
 * how to leave, or that a story is an update.
 */
export function cutPieces(html: string, text: string, template: string): CutPieces {
  const htmlParts = partsOf(html, `${template}.mjml.liquid`);
  const textParts = partsOf(text, `${template}.txt.liquid`);
  return {
    get(name, key = '') {
      const id = `${name} ${key}`;
      const inHtml = htmlParts.get(id);
      const inText = textParts.get(id);
      const missing = inHtml === undefined ? 'mjml' : inText === undefined ? 'txt' : null;
      if (missing === null) return { html: inHtml ?? '', text: inText ?? '' };
      throw new AppError(
        'invalid',
        `${template}.${missing}.liquid lacks {% cut "${name}"${key === '' ? '' : ' …'} %}: see docs/templates.md.`,
      );
    },
  };
}

function partsOf(output: string, file: string): Map<string, string> {
  checkSlots(output, file);
  // Before the first cut stands the document's head; it belongs to the first piece.
  const [head = '', ...rest] = output.split(cutMarkPattern);
  const parts = new Map<string, string>();
  for (let at = 0; at + 2 < rest.length; at += 3) {
    const id = `${rest[at]} ${rest[at + 1]}`;
    parts.set(id, (parts.get(id) ?? '') + (at === 0 ? head : '') + (rest[at + 2] ?? ''));
  }
  return parts;
}

function checkSlots(output: string, file: string): void {
  const common = withParts(output, mailOnly, false);
  for (const slot of slots) {
    if (common.includes(slotMark(slot))) {
      throw new AppError('invalid', `${file}: a link of the reader’s own belongs into mail_only … endmail_only.`);
    }
  }
  if (!output.includes(slotMark('unsubscribeUrl'))) {
    throw new AppError('invalid', `${file} lacks reader.unsubscribe_url: a newsletter must say how to leave it.`);
  }
  if (!output.includes(updateOnly.open)) {
    throw new AppError('invalid', `${file} lacks update_only … endupdate_only: a story that comes again must say so.`);
  }
}
