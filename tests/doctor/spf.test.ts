import { describe, expect, it } from 'vitest';
import { checkSpf } from '../../src/doctor/check-spf.ts';
import { readSpf } from '../../src/doctor/spf.ts';
import { stubDns, type Zone } from '../support/dns-stub.ts';

const domain = 'dispatch.example';

function reading(record: string, more: Zone = {}) {
  return readSpf(domain, stubDns({ [domain]: { txt: ['other', record] }, ...more }));
}

describe('readSpf', () => {
  it('counts what asks DNS, also within what it includes, and knows what passes', async () => {
    const spf = await reading(
      'v=spf1 ip4:192.0.2.0/28 ip6:2001:db8::/32 a mx:mail.example include:relay.example -all',
      {
        'relay.example': { txt: ['v=spf1 ip4:198.51.100.7 exists:%{i}.x.example ?all'] },
        'mail.example': { mx: ['mx1.mail.example'] },
        'mx1.mail.example': { a: ['203.0.113.5'] },
        [domain]: {
          txt: ['v=spf1 ip4:192.0.2.0/28 ip6:2001:db8::/32 a mx:mail.example include:relay.example -all'],
          a: ['203.0.113.9'],
        },
      },
    );
    expect(spf).toMatchObject({ lookups: 4, voids: 0, otherwise: 'fail', errors: [] });
    for (const own of ['192.0.2.3', '2001:db8::1', '203.0.113.5', '203.0.113.9', '198.51.100.7']) {
      expect(spf.allows(own)).toBe(true);
    }
    expect(spf.allows('192.0.2.99')).toBe(false);
  });

  it('follows redirect where no all is met', async () => {
    const other = { 'other.example': { txt: ['v=spf1 ip4:192.0.2.1 ~all'] } };
    expect(await reading('v=spf1 redirect=other.example', other)).toMatchObject({ lookups: 1, otherwise: 'softfail' });
    expect(await reading('v=spf1 -all redirect=other.example', other)).toMatchObject({ lookups: 0, otherwise: 'fail' });
  });

  it.each([
    ['v=spf1 include:dispatch.example -all', {}, /dispatch\.example leads to dispatch\.example, which never ends/],
    ['v=spf1 redirect=b.example', { 'b.example': { txt: ['v=spf1 redirect=dispatch.example'] } }, /never ends/],
    ['v=spf1 include:none.example -all', {}, /none\.example, which it refers to, has no SPF record/],
    ['v=spf1 ipv4:192.0.2.1 -all', {}, /“ipv4:192\.0\.2\.1” is no term/],
    ['v=spf1 ip4:192.0.2.300 -all', {}, /is no network/],
    ['v=spf1 a:a.example a:b.example mx:c.example -all', {}, /3 of its look-ups find nothing/],
    [
      `v=spf1 ${Array.from({ length: 11 }, (_, index) => `a:h${index}.example`).join(' ')} -all`,
      {},
      /takes 11 DNS look-ups/,
    ],
  ])('finds what makes %s void', async (record, more, sentence) => {
    const { errors } = await reading(record, more);
    expect(errors).toContainEqual(expect.stringMatching(sentence));
  });

  it('ends where records lead on and on', async () => {
    const zone = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [
        `d${index}.example`,
        { txt: [`v=spf1 include:d${2 * index + 1}.example include:d${2 * index + 2}.example -all`] },
      ]),
    );
    const { errors, lookups } = await reading('v=spf1 include:d0.example -all', zone);
    expect(errors).toContainEqual(expect.stringContaining('look-ups, and receivers stop at 10'));
    expect(lookups).toBeLessThan(60);
  });
});

describe('checkSpf', () => {
  const check = (record: string | null, own: readonly string[] | null = []) =>
    checkSpf(domain, own, stubDns({ [domain]: record === null ? {} : { txt: [record] } }));

  it.each([
    [null, ['192.0.2.1'], 'fault', /“v=spf1 ip4:192\.0\.2\.1 -all”/],
    [null, [], 'fault', /ip4:\(this machine’s public address\)/],
    [null, null, 'fault', /include:/],
    ['v=spf1 +all', [], 'fault', /End it with -all/],
    ['v=spf1 ip4:192.0.2.1', [], 'warning', /End it with -all or ~all/],
    ['v=spf1 ip4:192.0.2.2 -all', ['192.0.2.1'], 'fault', /Add ip4:192\.0\.2\.1/],
  ] as const)('says of %s what to do', async (record, own, level, fix) => {
    expect(await check(record, own)).toEqual([
      { check: 'spf', level, message: expect.any(String), fix: expect.stringMatching(fix) },
    ]);
  });

  it('has nothing against one that is right', async () => {
    expect(await check('v=spf1 ip4:192.0.2.1 -all', ['192.0.2.1'])).toMatchObject([{ level: 'ok', fix: null }]);
  });
});
