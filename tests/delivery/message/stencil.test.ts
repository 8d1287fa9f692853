import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import MailComposer from 'nodemailer/lib/mail-composer';
import { describe, expect, it } from 'vitest';
import { createStencil, prepareStencils, type Stencil, spliceBody } from '../../../src/delivery/message/stencil.ts';
import { slotMark } from '../../../src/digest/index.ts';

const unsubscribe = slotMark('unsubscribeUrl');
const preferences = slotMark('preferencesUrl');
type Values = Parameters<typeof spliceBody>[1];
const spliceMessage = (stencil: Stencil, headers: string, values: Values): Buffer =>
  Buffer.concat([Buffer.from(`${headers}${stencil.contentType}\r\n`), ...spliceBody(stencil, values)]);
const headers = 'From: a@dispatch.example\r\nSubject: Hello\r\nMIME-Version: 1.0\r\n';

/** What a reader's program makes of the message that MailComposer builds by itself. */
async function parsedAsComposed(body: { html: string; text: string }) {
  const mail = new MailComposer({ from: 'a@dispatch.example', subject: 'Hello', ...body });
  return simpleParser(await mail.compile().build());
}

function filled(
  body: string,
  values: { unsubscribeUrl: string; preferencesUrl: string },
  written: (text: string) => string,
) {
  return body
    .replaceAll(unsubscribe, () => written(values.unsubscribeUrl))
    .replaceAll(preferences, () => written(values.preferencesUrl));
}

const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
const asIs = (text: string): string => text;

/** What mail can carry unchanged: no control characters, no other private-use ones, CRLF between lines. */
const word = fc.string({ unit: 'grapheme', maxLength: 90 }).map((text) => text.replace(/[\p{Cc}\uE000-\uF8FF]/gu, ''));
const dots = fc.constantFrom(
  '.',
  '..',
  '...',
  '.'.repeat(80),
  '.a',
  '=',
  '=20',
  'Кавказ',
  'a'.repeat(75),
  'a'.repeat(76),
  ' ',
);
const slot = fc.constantFrom(unsubscribe, preferences);
const body = fc
  .array(fc.oneof(word, dots, slot, fc.constantFrom('\r\n', '\n')), { maxLength: 40 })
  .map((parts) => `x${parts.join('')}x`);
const value = fc.oneof(word, fc.constant(''), fc.webUrl({ withQueryParameters: true, withFragments: true }));

/** Both builds break lines their own way, and readers' programs drop blanks at a line's end. */
const normal = (text: string | false | undefined): string =>
  String(text || '')
    .replace(/\r\n|\r/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .trim();

describe('spliceBody', () => {
  it("reads the same as MailComposer's own build, whatever the body and the values", async () => {
    await fc.assert(
      fc.asyncProperty(body, body, value, value, async (html, text, unsubscribeUrl, preferencesUrl) => {
        const values = { unsubscribeUrl, preferencesUrl };
        const spliced = await simpleParser(spliceMessage(await createStencil({ html, text }), headers, values));
        const composed = await parsedAsComposed({
          html: filled(html, values, escapeHtml),
          text: filled(text, values, asIs),
        });
        expect(normal(spliced.html)).toBe(normal(composed.html));
        expect(normal(spliced.text)).toBe(normal(composed.text));
        expect(spliced.subject).toBe(composed.subject);
        expect(spliced.from?.value).toEqual(composed.from?.value);
      }),
      { numRuns: 200 },
    );
  });

  it('has CRLF only, short lines, ASCII only, and no line that starts with a dot', async () => {
    await fc.assert(
      fc.asyncProperty(body, value, async (content, url) => {
        const stencil = await createStencil({ html: content, text: content });
        const message = spliceMessage(stencil, headers, { unsubscribeUrl: url, preferencesUrl: url }).toString(
          'latin1',
        );
        expect(message).not.toMatch(/[^\r]\n|\r[^\n]|[^\x09\x0a\x0d\x20-\x7e]/);
        expect(message).not.toMatch(/^\./m);
        const lines = message.split('\r\n');
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
      }),
      { numRuns: 100 },
    );
  });

  it.each(Array.from({ length: 80 }, (_, column) => column))('finds a slot at column %i', async (column) => {
    const text = `${'a'.repeat(column)}${unsubscribe}.rest`;
    const message = spliceMessage(await createStencil({ html: `<p>${text}</p>`, text }), headers, {
      unsubscribeUrl: 'https://dispatch.example/u/1',
      preferencesUrl: '',
    });
    const parsed = await simpleParser(message);
    expect(parsed.text?.trim()).toBe(`${'a'.repeat(column)}https://dispatch.example/u/1.rest`);
  });

  it('puts text first, then HTML, as multipart/alternative in UTF-8 and quoted-printable', async () => {
    const stencil = await createStencil({ html: '<p>Кавказ</p>', text: 'plain' });
    const message = spliceMessage(stencil, headers, { unsubscribeUrl: '', preferencesUrl: '' }).toString('latin1');
    expect(message).toMatch(/^Content-Type: multipart\/alternative;/m);
    expect(message.match(/^Content-Type: text\/.*$/gm)).toEqual([
      'Content-Type: text/plain; charset=utf-8',
      'Content-Type: text/html; charset=utf-8',
    ]);
    expect(message.match(/^Content-Transfer-Encoding: .*$/gm)).toEqual([
      'Content-Transfer-Encoding: quoted-printable',
      'Content-Transfer-Encoding: quoted-printable',
    ]);
  });

  it('is the same bytes for the same input', async () => {
    const make = async () =>
      spliceMessage(await createStencil({ html: `<p>${unsubscribe}</p>`, text: unsubscribe }), headers, {
        unsubscribeUrl: 'https://dispatch.example/u',
        preferencesUrl: '',
      });
    expect((await make()).equals(await make())).toBe(true);
  });
});

describe('createStencil', () => {
  it('refuses a private-use character that is no slot', async () => {
    await expect(createStencil({ html: '<p>\uE010</p>', text: '' })).rejects.toMatchObject({ code: 'internal' });
    await expect(createStencil({ html: '<p></p>', text: '\uF8FF' })).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('prepareStencils', () => {
  it('makes one, so that a start doesn’t end where it is called', async () => {
    await expect(prepareStencils()).resolves.toBeUndefined();
  });
});
