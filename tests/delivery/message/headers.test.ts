import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { type HeaderFields, renderHeaders, renderMailbox } from '../../../src/delivery/message/headers.ts';

const list = {
  title: 'Weekly',
  id: 'weekly.dispatch.example',
  archiveUrl: 'https://dispatch.example/newsletters/weekly',
  unsubscribeUrl: 'https://dispatch.example/unsubscribe/token',
  unsubscribeAddress: null,
  feedback: ['weekly-2026', 'weekly', 'digest'],
} as const;
const fields: HeaderFields = {
  from: { name: 'The Dispatch', address: 'digest@dispatch.example' },
  to: { name: 'Ana', address: 'ana@example.com' },
  subject: 'Talks in Tehran',
  date: '2026-11-27T03:04:05.678Z',
  messageId: '<0123@dispatch.example>',
  replyTo: 'desk@dispatch.example',
  lang: 'en',
  list,
};

function namesOf(headers: string): string[] {
  return headers
    .split('\r\n')
    .filter((line) => line !== '' && !/^[ \t]/.test(line))
    .map((line) => line.slice(0, line.indexOf(':')));
}

describe('renderHeaders', () => {
  it('says what the big receivers ask of bulk mail', () => {
    expect(renderHeaders(fields).split('\r\n')).toEqual([
      'From: The Dispatch <digest@dispatch.example>',
      'To: Ana <ana@example.com>',
      'Subject: Talks in Tehran',
      'Date: Fri, 27 Nov 2026 03:04:05 +0000',
      'Message-ID: <0123@dispatch.example>',
      'Reply-To: desk@dispatch.example',
      'List-Id: Weekly <weekly.dispatch.example>',
      'List-Unsubscribe: <https://dispatch.example/unsubscribe/token>',
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      'List-Post: NO',
      'List-Archive: <https://dispatch.example/newsletters/weekly>',
      'Precedence: bulk',
      'Feedback-ID: weekly-2026:weekly:digest:silkpost',
      'Auto-Submitted: auto-generated',
      'Content-Language: en',
      'MIME-Version: 1.0',
      '',
    ]);
  });

  it('lets a mail address follow the one URL to leave by', () => {
    const both = { ...list, unsubscribeAddress: 'l-1-0123@bounces.dispatch.example' };
    expect(renderHeaders({ ...fields, list: both })).toContain(
      'List-Unsubscribe: <https://dispatch.example/unsubscribe/token>,\r\n' +
        ' <mailto:l-1-0123@bounces.dispatch.example?subject=unsubscribe>\r\nList-Unsubscribe-Post:',
    );
  });

  it('has nothing of a list’s in a mail to one person', () => {
    expect(namesOf(renderHeaders({ ...fields, replyTo: null, list: null }))).toEqual([
      ...['From', 'To', 'Subject', 'Date', 'Message-ID', 'Auto-Submitted', 'Content-Language', 'MIME-Version'],
    ]);
  });

  it('names no list in what belongs to none', () => {
    const names = namesOf(renderHeaders({ ...fields, list: null }));
    expect(names.filter((name) => /^(List-|Precedence|Feedback)/.test(name))).toEqual([]);
    expect(names).toContain('Auto-Submitted');
  });

  it('lets no name, subject or title add a line, and reads back as written', async () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        'a\r\nBcc: victim@example.com',
        'a\n\nbody',
        '=?utf-8?q?=0ABcc:_x?=',
        '"',
        '\\',
        'a\u2028b',
        '<x@y>, z',
      ),
    );
    const expected = namesOf(renderHeaders(fields));
    await fc.assert(
      fc.asyncProperty(anyText, anyText, anyText, async (name, subject, title) => {
        const headers = renderHeaders({
          ...fields,
          to: { name, address: 'ana@example.com' },
          subject,
          list: { ...list, title },
        });
        expect(namesOf(headers)).toEqual(expected);
        expect(headers).toMatch(/^[\x20-\x7e\r\n]*$/);
        expect(Math.max(...headers.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(140);
        const parsed = await simpleParser(`${headers}\r\nbody`);
        const clean = (text: string): string =>
          text
            .toWellFormed()
            .replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ')
            .replace(/ {2,}/g, ' ')
            .trim();
        expect(parsed.subject ?? '').toBe(clean(subject));
        const to = Array.isArray(parsed.to) ? parsed.to : [parsed.to];
        expect(to.flatMap((one) => one?.value ?? [])).toMatchObject([{ address: 'ana@example.com' }]);
        expect(parsed.text?.trim()).toBe('body');
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['messageId', { messageId: '<a@b>\r\nBcc: x@example.com' }],
    ['lang', { lang: 'en\n' }],
    ['list id', { list: { ...list, id: 'weekly x' } }],
    ['link', { list: { ...list, unsubscribeUrl: 'https://dispatch.example/ä' } }],
  ])('refuses a %s of ours that cannot stand in a header', (_, wrong) => {
    expect(() => renderHeaders({ ...fields, ...wrong })).toThrow(/can't stand in a header/);
  });
});

describe('renderMailbox', () => {
  it('quotes what a phrase cannot hold, and encodes what is not ASCII in words of at most 75', () => {
    expect(renderMailbox({ name: 'Ana, of Tbilisi', address: 'a@x.ge' })).toBe('"Ana, of Tbilisi" <a@x.ge>');
    expect(renderMailbox({ name: 'a "b" \\', address: 'a@x.ge' })).toBe('"a \\"b\\" \\\\" <a@x.ge>');
    expect(renderMailbox({ name: 'Անի', address: 'a@x.am' })).toBe('=?UTF-8?B?1LHVttWr?= <a@x.am>');
    const long = renderMailbox({ name: 'ა'.repeat(40), address: 'a@x.ge' });
    for (const line of long.split('\r\n ')) expect(line.replace(' <a@x.ge>', '').length).toBeLessThanOrEqual(75);
  });

  it.each(['a@x.ge, b@x.ge', 'a@x.ge\r\nBcc: b@x.ge', '<a@x.ge>', 'a', 'a b@x.ge', ''])(
    'refuses %j as an address',
    (address) => {
      expect(() => renderMailbox({ name: null, address })).toThrow(/can't stand in a header/);
    },
  );
});
