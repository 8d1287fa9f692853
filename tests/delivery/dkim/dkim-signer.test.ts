import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTags } from '../../../src/delivery/dkim/dkim-record.ts';
import { createDkimSigner } from '../../../src/delivery/dkim/dkim-signer.ts';
import { signedHeaders } from '../../../src/delivery/dkim/signed-headers.ts';
import { bothPass, dkimKeys, verifyDkim } from '../../support/dkim.ts';
import { fixedClock } from '../../support/fixed-clock.ts';

const clock = fixedClock('2026-11-27T03:00:00.000Z');
const keys = dkimKeys();
const signer = createDkimSigner(keys, clock);

async function signed(header: string, body: readonly string[]): Promise<string> {
  const chunks = body.map((chunk) => Buffer.from(chunk, 'latin1'));
  return `${await signer.sign(header, chunks)}${header}\r\n${body.join('')}`;
}

/** A message like ours, and any that could be: folded, repeated, empty and strange fields; any lines. */
const value = fc
  .array(
    fc.oneof(fc.string({ unit: 'grapheme-ascii', maxLength: 30 }), fc.constantFrom('\r\n ', '\r\n\t', '  ', ':')),
    {
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''))
  // A line of blanks alone would end the header for some.
  .map((text) => `x${text.replace(/\r\n[ \t]+(?=\r\n|$)/g, '')}`);
const others = fc.array(
  fc.tuple(fc.constantFrom('Cc', 'Reply-To', 'List-Id', 'List-Unsubscribe', 'X-Other', 'subject'), value),
  { maxLength: 6 },
);
const line = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
  fc.constantFrom('', ' ', '\t', '  two', 'end \t', '.', '..', '=', '--boundary--'),
);
const body = fc.array(
  fc.array(line, { maxLength: 8 }).map((lines) => lines.map((text) => `${text}\r\n`).join('')),
  { maxLength: 4 },
);
const header = fc
  .tuple(value, others)
  .map(([subject, more]) =>
    [
      'From: The Dispatch <digest@dispatch.example>',
      'To: ana@example.com',
      `Subject: ${subject}`,
      'Date: Fri, 27 Nov 2026 03:00:00 +0000',
      'Message-ID: <1@dispatch.example>',
      ...more.map(([name, text]) => `${name}: ${text}`),
      'MIME-Version: 1.0',
      'Content-Type: text/plain',
      '',
    ].join('\r\n'),
  );

describe('createDkimSigner', () => {
  it('makes signatures that both verify, whatever the header and the body', async () => {
    await fc.assert(
      fc.asyncProperty(header, body, async (head, chunks) => {
        expect(await verifyDkim(await signed(head, chunks), keys)).toEqual(bothPass);
      }),
      { numRuns: 200 },
    );
  });

  it.each(signedHeaders)('fails both where somebody adds a %s, above or below ours', async (name) => {
    await fc.assert(
      fc.asyncProperty(header, body, async (head, chunks) => {
        const message = await signed(head, chunks);
        const added = `${name}: added@elsewhere.example\r\n`;
        const [signatures, rest] = [
          message.slice(0, message.indexOf('From:')),
          message.slice(message.indexOf('From:')),
        ];
        for (const changed of [added + message, signatures + rest.replace('\r\n\r\n', `\r\n${added}\r\n`)]) {
          const found = await verifyDkim(changed, keys);
          expect(Object.keys(found)).toHaveLength(2);
          expect(Object.values(found)).not.toContain('pass');
        }
      }),
      { numRuns: 8 },
    );
  });

  it('fails both where the body or a signed header is changed', async () => {
    const head = 'From: a@dispatch.example\r\nSubject: Hello\r\n';
    const message = await signed(head, ['Text.\r\n']);
    expect(await verifyDkim(message, keys)).toEqual(bothPass);
    for (const changed of [message.replace('Text', 'Next'), message.replace('Hello', 'Hallo')]) {
      expect(Object.values(await verifyDkim(changed, keys))).not.toContain('pass');
    }
  });

  it('names each header once more than it stands there, with the time and one hash of the body', async () => {
    const lines = await signer.sign('From: a@dispatch.example\r\nSubject: Hello\r\n', [Buffer.from('Text.\r\n')]);
    const [rsa = '', ed25519 = '', ...rest] = lines.split(/\r\n(?![ \t])/);
    expect(rest).toEqual(['']);
    for (const each of lines.split('\r\n')) expect(each.length).toBeLessThanOrEqual(78);
    const tags = [rsa, ed25519].map((text) => parseTags(text.slice('DKIM-Signature:'.length).replace(/\r\n\s*/g, '')));
    expect(tags[0]?.get('h')).toBe(
      'From:From:To:Cc:Subject:Subject:Date:Message-ID:Reply-To:MIME-Version:Content-Type:List-Unsubscribe:List-Unsubscribe-Post:List-Id',
    );
    for (const tag of ['h', 'bh', 't', 'c', 'd']) expect(tags[0]?.get(tag)).toBe(tags[1]?.get(tag));
    expect(tags[0]?.get('t')).toBe(String(Date.parse('2026-11-27T03:00:00Z') / 1000));
    expect(tags[0]?.get('c')).toBe('relaxed/relaxed');
    expect(tags.map((each) => each.get('s'))).toEqual(['s202611', 's202611-ed']);
  });

  it('leaves unsigned what a relay rewrites', async () => {
    const omitting = dkimKeys(['Message-ID', 'Date']);
    const head = 'From: a@dispatch.example\r\nMessage-ID: <1@dispatch.example>\r\nDate: today\r\n';
    const signatures = await createDkimSigner(omitting, clock).sign(head, [Buffer.from('Text.\r\n')]);
    const rewritten = `${signatures}${head.replace('<1@', '<2@').replace('today', 'tomorrow')}\r\nText.\r\n`;
    expect(await verifyDkim(rewritten, omitting)).toEqual(bothPass);
  });
});
