import { describe, expect, it } from 'vitest';
import type { KnownOperator } from '../../../src/operators/index.ts';
import type { ConsoleHome } from '../../../src/web/console/home/console-home.ts';
import { listNeeds } from '../../../src/web/console/home/list-needs.ts';
import { needsPart } from '../../../src/web/console/home/needs-part.ts';
import { consoleRequest } from '../../support/console-request.ts';

const nothing = {
  listEvents: async () => [],
  countQuarantined: async () => 0,
  listUnapproved: async () => [],
  problems: () => [],
  pressProblems: () => [],
  listOperators: async () => [],
  doctor: { findLast: async () => null, isLooking: () => false, look: async () => {} },
} as Partial<ConsoleHome> as ConsoleHome; // what needs are found from

const request = consoleRequest();
const withCode = consoleRequest({ session: { ...request.session, hasTotp: true } });

describe('listNeeds', () => {
  it('finds nothing where there is nothing', async () => {
    expect(await listNeeds(withCode, nothing)).toEqual([]);
    expect(String(await needsPart(withCode, nothing))).toContain('Nothing needs you.');
  });

  it('tells of what came back and can’t be understood', async () => {
    const part = String(await needsPart(withCode, { ...nothing, countQuarantined: async () => 2 }));
    expect(part).toContain('2 messages that came back can’t be understood');
    expect(part).toContain('silkpost bounce --list');
  });

  it('puts what keeps mail from readers before what can wait', async () => {
    const needs = await listNeeds(consoleRequest({ session: { ...request.session, hasTotp: false } }), {
      ...nothing,
      listEvents: async () => [
        {
          kind: 'failing',
          editionId: 'weekly-1',
          sentence: '30 of 200 deliveries of weekly-1 failed.',
          whatToDo: 'silkpost editions show weekly-1 --deliveries says what the relay answered.',
        },
        {
          kind: 'no_worker',
          editionId: null,
          sentence: 'No worker has run since 2026-11-26T03:00:00.000Z, and weekly is due.',
          whatToDo: 'Start silkpost worker.',
        },
      ],
    });
    expect(needs.map(({ level, place }) => [level, place?.path ?? null])).toEqual([
      ['bad', null],
      ['wait', '/editions/weekly-1/readers?state=failed'],
      ['wait', '/account/authenticator'],
    ]);
  });

  it('tells owners, and nobody else, of sign-ins that were refused', async () => {
    const listOperators = async (): Promise<KnownOperator[]> =>
      [2, 3].map((tries) => ({
        operator: { id: tries, name: 'Ben', email: `ben${tries}@example.com`, role: 'sender', timezone: 'UTC' },
        passwordHash: null,
        totp: null,
        totpStep: 0,
        createdAt: '2026-11-01T03:00:00.000Z',
        seenAt: null,
        refused: { tries, lastAt: '2026-11-26T03:00:00.000Z' },
      }));
    const needs = await listNeeds(withCode, { ...nothing, listOperators });
    expect(needs.map(({ sentence, place }) => [sentence, place?.path])).toEqual([
      [expect.stringMatching(/^3 tries to sign in as ben3@example\.com were refused/), '/operators/3'],
    ]);
    expect(
      await listNeeds({ ...withCode, may: (right) => right !== 'operators:manage' }, { ...nothing, listOperators }),
    ).toEqual([]);
  });

  it('tells instants in the operator’s zone, and what to do where no page does it', async () => {
    const part = String(
      await needsPart(withCode, {
        ...nothing,
        listEvents: async () => [
          {
            kind: 'no_worker',
            editionId: null,
            sentence: 'No worker has run since 2026-11-26T03:00:00.000Z, and weekly is due.',
            whatToDo: 'Start silkpost worker.',
          },
        ],
      }),
    );
    expect(part).toContain('since <time datetime="2026-11-26T03:00:00.000Z">26 Nov 2026, 07:00</time>, and weekly');
    expect(part).toContain('Start silkpost worker.');
  });
});
