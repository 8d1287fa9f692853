import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createGenericHook } from '../../../src/delivery/index.ts';
import { fixedClock } from '../../support/fixed-clock.ts';

const secret = 'a secret of thirty-two characters';
const now = Date.parse('2026-11-27T03:00:00.000Z') / 1000;
const body = '{"type":"complaint","address":"ana@example.com"}';

function sign(text: string, timestamp: number, key = secret): string {
  return `v1=${createHmac('sha256', key).update(`${timestamp}.${text}`).digest('hex')}`;
}

function openHook() {
  const kept = new Set<string>();
  const hook = createGenericHook({
    secret,
    clock: fixedClock('2026-11-27T03:00:00.000Z'),
    desk: {
      take: async (_source, _raw, key = '') => {
        if (kept.has(key)) return 'known';
        kept.add(key);
        return 'added';
      },
    },
  });
  const post = (text: string, timestamp: string | number | undefined, signature: string | undefined) =>
    hook({ 'silkpost-timestamp': timestamp?.toString(), 'silkpost-signature': signature }, Buffer.from(text));
  return { post, kept };
}

describe('/hooks/generic', () => {
  it('keeps what is signed, within five minutes either way', async () => {
    const { post, kept } = openHook();
    for (const timestamp of [now, now - 300, now + 300]) {
      expect(await post(body, timestamp, sign(body, timestamp))).toEqual({ status: 200, text: 'Kept.' });
    }
    expect(kept.size).toBe(3);
  });

  it('refuses it a second time', async () => {
    const { post } = openHook();
    expect(await post(body, now, sign(body, now))).toMatchObject({ status: 200 });
    expect(await post(body, now, sign(body, now))).toMatchObject({ status: 409 });
  });

  it('refuses what is late, changed, signed otherwise or not at all', async () => {
    const { post, kept } = openHook();
    for (const timestamp of [now - 301, now + 301, 0]) {
      expect(await post(body, timestamp, sign(body, timestamp))).toMatchObject({ status: 403 });
    }
    expect(await post(body, now - 1, sign(body, now))).toMatchObject({ status: 403 });
    expect(await post(`${body} `, now, sign(body, now))).toMatchObject({ status: 403 });
    expect(await post(body, now, sign(body, now, 'another secret'))).toMatchObject({ status: 403 });
    for (const signature of [
      undefined,
      '',
      'v1=',
      sign(body, now).slice(0, -2),
      sign(body, now).toUpperCase(),
      sign(body, now).slice(3),
    ]) {
      expect(await post(body, now, signature), signature).toMatchObject({ status: 403 });
    }
    for (const timestamp of [undefined, '', 'now', '1e9', '-1', ' 1']) {
      expect(await post(body, timestamp, sign(body, now)), timestamp).toMatchObject({ status: 400 });
    }
    expect(kept.size).toBe(0);
  });
});
