import { createHash } from 'node:crypto';
import { type Slot, type SlotValues, slotMark, slots } from '../../digest/index.ts';
import { AppError } from '../../errors.ts';
import { encodeQuotedPrintable } from './quoted-printable.ts';

/** A place in a stencil where a reader's own value goes. */
interface Hole {
  readonly slot: Slot;
  readonly part: 'text' | 'html';
}

/** A reader's value as it stands in each part. */
type Written = Readonly<Record<Hole['part'], string>>;

/** A variant's MIME form, cut where readers differ: made once, spliced for each reader. */
export interface Stencil {
  /** The header line that belongs to the body, ended by CRLF. */
  readonly contentType: string;
  /** What follows the header's blank line; short pieces as text, since they are put together with what is around them. */
  readonly parts: readonly (Buffer | string | Hole)[];
}

/**
 * The stencil of an HTML and a text body that hold slots as single private-use code points.
 *
 * multipart/alternative, text first; UTF-8; quoted-printable; CRLF only. No line starts with a dot, so nothing is
 * stuffed on the way (RFC 5321 §4.5.2) and the bytes sent are the bytes that a signature covers.
 *
 * @throws AppError `internal` where a body holds another private-use code point, or a slot got lost in the encoding.
 */
export async function createStencil(body: { readonly html: string; readonly text: string }): Promise<Stencil> {
  const expected = { text: countSlots(body.text), html: countSlots(body.html) };
  const message = await buildMime(body);
  const split = message.indexOf('\r\n\r\n');
  const contentType = /^Content-Type:.*(?:\r\n[ \t].*)*\r\n/im.exec(message.slice(0, split + 2))?.[0];
  if (split < 0 || contentType === undefined) throw new AppError('internal', 'The mail has no Content-Type.');
  const pieces = message.slice(split + 4).split(encodedSlot);
  const parts: (Buffer | string | Hole)[] = [];
  let found = 0;
  // Cut by a pattern with one group, every second piece is a slot's last byte.
  for (let index = 0; index < pieces.length; index += 2) {
    const code = pieces[index + 1];
    const text = staticPart(pieces[index] ?? '', index > 0, code !== undefined);
    parts.push(text.length < shortLength ? text : Buffer.from(text, 'latin1'));
    if (code === undefined) continue;
    const slot = slots[Number.parseInt(code, 16) - 0x80];
    if (slot === undefined) throw new AppError('internal', 'The mail holds a slot that nothing fills.');
    parts.push({ slot, part: found < expected.text ? 'text' : 'html' });
    found += 1;
  }
  if (found !== expected.text + expected.html) {
    throw new AppError('internal', `The mail has ${expected.text + expected.html} slots, but ${found} were found.`);
  }
  return { contentType, parts };
}

/** A reader's body, in few buffers: what is long and the same for all readers is the stencil's own. */
export function spliceBody(stencil: Stencil, values: SlotValues): Buffer[] {
  const buffers: Buffer[] = [];
  const written: Partial<Record<Slot, Written>> = {};
  let text = '';
  for (const part of stencil.parts) {
    if (typeof part === 'string') {
      text += part;
    } else if (Buffer.isBuffer(part)) {
      if (text !== '') buffers.push(Buffer.from(text, 'latin1'));
      text = '';
      buffers.push(part);
    } else {
      const { [part.slot]: forms = encodeValue(part.slot, values[part.slot]) } = written;
      written[part.slot] = forms;
      text += forms[part.part];
    }
  }
  if (text !== '') buffers.push(Buffer.from(text, 'latin1'));
  return buffers;
}

function encodeValue(slot: Slot, value: string | undefined): Written {
  if (value === undefined) throw new AppError('internal', `The mail has a place for ${slot}, which nothing fills.`);
  const text = encodeQuotedPrintable(value);
  return { text, html: /[&<>"']/.test(value) ? encodeQuotedPrintable(escapeHtml(value)) : text };
}

/** Copying so much costs less than handing it over as a buffer of its own. */
const shortLength = 1024;

/** U+E000 + k in quoted-printable: soft breaks may stand between the escapes, never inside one. */
const encodedSlot = /=EE(?:=\r\n)?=80(?:=\r\n)?=([89AB][0-9A-F])/;

/**
 * What stands between two slots. Before a slot the line ends softly, since the value brings its own lines; after one
 * the text stands at the start of a line already, so a soft break there goes. Dots at the start of a line are escaped.
 */
function staticPart(piece: string, followsSlot: boolean, precedesSlot: boolean): string {
  let text = followsSlot && piece.startsWith('=\r\n') ? piece.slice(3) : piece;
  // 24 at a time: RFC 2045 §6.7 allows 76 characters a line.
  text = text.replace(/^\.+/gm, (dots) => dots.replace(/\.{1,24}/g, (few) => `${'=2E'.repeat(few.length)}=\r\n`));
  return precedesSlot && text !== '' && !text.endsWith('\n') ? `${text}=\r\n` : text;
}

/** Loads what makes a message’s MIME, some 50 ms, so that whoever looks at a mail first doesn’t wait for it. */
export async function prepareStencils(): Promise<void> {
  await createStencil({ html: '<p>–</p>', text: '–' });
}

async function buildMime({ html, text }: { readonly html: string; readonly text: string }): Promise<string> {
  const part = (content: string) => ({
    // MailComposer leaves bare LF in bodies.
    content: content.replace(/\r\n|\r|\n/g, '\r\n'),
    // Else it picks base64 for Cyrillic, and 7bit for plain English.
    contentTransferEncoding: 'quoted-printable',
  });
  const boundary = createHash('sha256').update(text).update('\0').update(html).digest('hex').slice(0, 24);
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const mail = new MailComposer({ text: part(text), html: part(html), baseBoundary: boundary });
  return (await mail.compile().build()).toString('latin1');
}

function countSlots(body: string): number {
  const marks = body.match(/[\uE000-\uF8FF]/g) ?? [];
  const known = slots.map(slotMark);
  if (marks.some((mark) => !known.includes(mark))) {
    throw new AppError('internal', 'The mail holds a private-use character that is no slot.');
  }
  return marks.length;
}

function escapeHtml(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
