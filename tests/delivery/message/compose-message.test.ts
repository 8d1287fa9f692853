import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { composeTestMessage } from '../../../src/delivery/index.ts';
import { assembleVariant } from '../../../src/digest/index.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { piecesOf, site } from '../../support/mailing.ts';

describe('composeTestMessage', () => {
  it('is marked as a test, leads to nobody, and cannot be left', async () => {
    const asked: number[] = [];
    const attempt = await composeTestMessage(
      {
        site,
        from: { name: 'The Dispatch', address: 'digest@dispatch.example' },
        replyTo: 'desk@dispatch.example',
        newsletters: [],
        links: {
          unsubscribe: (id) => {
            asked.push(id);
            return 'https://dispatch.example/unsubscribe/nobody';
          },
          preferences: () => 'https://dispatch.example/preferences/nobody',
        },
        bounceDomain: null,
        messageIdKey: 'key',
        clock: fixedClock('2026-11-27T03:00:00Z'),
      },
      {
        newsletter: 'weekly',
        editionId: 'test',
        variant: assembleVariant(piecesOf('en', ['armenia']), ['armenia']),
        address: 'editor@example.com',
      },
    );
    expect(attempt).toMatchObject({ kind: 'test', envelope: { to: 'editor@example.com' } });
    const mail = await simpleParser(Buffer.concat(await attempt.message()));
    expect(mail.subject).toBe('[Test] Title of armenia');
    expect(mail.date?.toISOString()).toBe('2026-11-27T03:00:00.000Z');
    expect(mail.messageId).toBe(attempt.messageId);
    expect(mail.text).toContain('https://dispatch.example/unsubscribe/nobody');
    for (const name of ['list', 'precedence', 'feedback-id']) expect(mail.headers.has(name)).toBe(false);
    expect(asked.every((id) => id === 0)).toBe(true);
  });
});
