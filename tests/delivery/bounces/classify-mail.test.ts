import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arrival } from '../../../src/delivery/bounces/arrival.ts';
import { classifyMail } from '../../../src/delivery/bounces/classify-mail.ts';
import { bounceMail } from '../../support/bounce-mail.ts';

/** Every fixture: its kind, then of a bounce the first recipient's address, status and what was said. */
const corpus: Readonly<Record<string, readonly [Arrival['kind'], (string | null)?, (string | null)?, RegExp?]>> = {
  'postfix-unknown-user': ['bounce', 'ana@example.com', '5.1.1', /^550 5\.1\.1 <ana@example\.com>: .* mailbox table$/],
  'postfix-mailbox-full': ['bounce', 'ana@example.com', '5.2.2', /^552 5\.2\.2 Mailbox over quota$/],
  'postfix-no-domain': ['bounce', 'ana@example.com', '5.4.4', /^Host or domain name not found/],
  'postfix-delayed': ['delayed'],
  'several-recipients': ['bounce', 'first@example.net', '5.1.1', /^550/],
  delivered: ['delivered', 'ana@example.com', '2.0.0'],
  'gmail-no-account': ['bounce', 'ana@example.com', '5.1.1', /^550 5\.1\.1 The email account .* typos or 5\.1\.1 unn/],
  'exchange-not-found': ['bounce', 'ana@example.com', '5.1.10', /^550 5\.1\.10 RESOLVER/],
  'outlook-nested': ['bounce', 'other@example.net', '4.4.7', /^$/],
  'outlook-reputation': ['bounce', 'ana@example.com', '5.7.1', /block list/],
  'vague-status': ['bounce', 'ana@example.com', '5.1.1', /^550/],
  'ses-bounce': ['bounce', 'ana@example.com', '5.1.1', /^550/],
  'exim-dsn': ['bounce', 'ana@example.com', '5.0.0', /^550 No such user here$/],
  'exim-text': ['bounce', 'ana@example.com', '5.1.1', /^550 5\.1\.1/],
  'exim-delay': ['delayed'],
  qmail: ['bounce', 'ana@example.com', '5.1.1', /^550 5\.1\.1 <ana@example\.com> is not a valid mailbox$/],
  appliance: ['bounce', null, null, /^$/],
  'global-status': ['bounce', 'ана@xn--80a1acny.example', '5.1.1', /Пользователь/],
  'base64-status': ['bounce', 'ana@example.com', '5.1.1', /^$/],
  'arf-abuse': ['complaint'],
  'arf-redacted': ['complaint'],
  'arf-message-id': ['complaint'],
  'arf-unknown-type': ['complaint'],
  'arf-not-spam': ['not_spam'],
  'arf-auth-failure': ['notice'],
  'arf-opt-out': ['leave'],
  'hotmail-complaint': ['complaint'],
  'read-receipt': ['notice'],
  'vacation-postmaster': ['auto_reply'],
  'vacation-russian': ['auto_reply'],
  'vacation-persian': ['auto_reply'],
  'vacation-outlook': ['auto_reply'],
  leave: ['leave'],
  reply: ['reply'],
  'malformed-no-recipient': ['unreadable'],
  'malformed-server-prose': ['unreadable'],
  'malformed-cut-off': ['bounce', 'ana@example.com', '5.1.1', /^$/],
};

describe('classifyMail', () => {
  it('has an expectation for each message of the corpus', () => {
    const files = readdirSync(new URL('../../fixtures/bounces/', import.meta.url));
    expect(Object.keys(corpus).sort()).toEqual(files.map((name) => name.replace('.eml', '')).sort());
  });

  it.each(Object.entries(corpus))('tells what %s is', async (name, [kind, address, status, said]) => {
    const arrival = await classifyMail(bounceMail(name));
    expect(arrival.kind).toBe(kind);
    if (arrival.kind !== 'bounce' && arrival.kind !== 'delivered') return;
    expect(arrival.recipients[0]).toMatchObject({ address, status });
    if (said) expect(arrival.recipients[0]?.said).toMatch(said);
  });

  it('finds the delivery in every report that carries anything of the message', async () => {
    for (const [name, [kind]] of Object.entries(corpus)) {
      const arrival = await classifyMail(bounceMail(name));
      if (!('trace' in arrival)) continue;
      expect(
        arrival.trace.tokens.map(({ id }) => id),
        `${name} ${kind}`,
      ).toContain(1234);
    }
  });

  it('tells a report’s recipients apart', async () => {
    const arrival = await classifyMail(bounceMail('several-recipients'));
    expect(arrival.kind === 'bounce' && arrival.recipients).toMatchObject([
      { address: 'first@example.net', originalAddress: 'ana@example.com', action: 'failed' },
      { address: 'second@example.net', originalAddress: null, action: 'delayed', status: '4.2.2' },
      { address: 'third@example.net', action: 'delivered' },
    ]);
  });

  it('takes mail to the leaving address for leaving only, whatever a reply quotes', async () => {
    const leaving = await classifyMail(bounceMail('leave'));
    expect(leaving.kind === 'leave' && leaving.trace.tokens).toMatchObject([{ purpose: 'leave', id: 1234 }]);
    expect(leaving.kind === 'leave' && leaving.trace.tokens).toHaveLength(1);
  });

  it('never rejects, whatever the bytes are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        expect((await classifyMail(Buffer.from(bytes))).kind).toMatch(/^[a-z_]+$/);
      }),
      { numRuns: 200 },
    );
  });

  it('never rejects a report that was damaged on its way', async () => {
    const names = Object.keys(corpus);
    const damage = fc.record({
      name: fc.constantFrom(...names),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat({ max: 400 }),
      put: fc.oneof(
        fc.uint8Array({ maxLength: 30 }),
        fc.constantFrom(...['\r\n\r\n', '--', '=?utf-8?b?', ';'].map(Buffer.from)),
      ),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ name, at, cut, put }) => {
        const raw = bounceMail(name);
        const from = Math.floor(raw.length * at);
        const damaged = Buffer.concat([raw.subarray(0, from), put, raw.subarray(from + cut)]);
        expect((await classifyMail(damaged)).kind).toMatch(/^[a-z_]+$/);
      }),
      { numRuns: 300 },
    );
  });
});
