import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { type FixedClock, fixedClock } from '../support/fixed-clock.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';

const never = new AbortController().signal;

/** A newsroom that has an edition whose time was missed. */
async function newsroomWithHeldEdition(
  dir: string,
  environment: Record<string, string> = {},
): Promise<App & { readonly clock: FixedClock }> {
  await appendFile(join(dir, 'silkpost.yaml'), 'operators: { notify: [desk@courier.test, ana@courier.test] }\n');
  const clock = fixedClock('2026-11-26T12:00:00.000Z');
  const app = await openApp(readConfig({ dir, environment }), { clock });
  onTestFinished(() => app.close());
  await app.desk.runDue();
  clock.set('2026-11-27T12:00:00.000Z');
  expect(await app.desk.runDue()).toMatchObject([{ state: 'held', reason: 'missed' }]);
  return { ...app, clock };
}

describe('being told of a held edition', () => {
  it('is one short mail to each operator, with why and the command to run', async () => {
    const sink = await startSmtpSink();
    const app = await newsroomWithHeldEdition(await smallPublication(), {
      SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}`,
    });
    await app.postRoom.tellOperators(never);
    await app.postRoom.tellOperators(never);
    expect(sink.accepted.map(({ to }) => to).sort()).toEqual(['ana@courier.test', 'desk@courier.test']);
    const mail = await simpleParser(sink.accepted[0]?.content ?? '');
    expect(mail.subject).toBe(
      '[The Hill Courier] weekly-2026-11-27T0300Z is held: its time was missed by more than its grace.',
    );
    expect(mail.text).toContain('silkpost editions approve weekly-2026-11-27T0300Z lets it go, cancel gives it up.');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.has('list')).toBe(false);
    expect(mail.html).toBe(false);
    for (const line of (sink.accepted[0]?.content ?? '').split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
  });

  it('is tried again with the same Message-ID where the relay was away', async () => {
    let away = true;
    const sink = await startSmtpSink({
      script: ({ phase }) => (phase === 'dot' && away ? { answer: '451 4.3.0 later' } : null),
    });
    const app = await newsroomWithHeldEdition(await smallPublication(), {
      SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}`,
    });
    await app.postRoom.tellOperators(never);
    expect(sink.accepted).toHaveLength(0);
    away = false;
    app.clock.set('2026-11-27T12:01:00.000Z');
    await app.postRoom.tellOperators(never);
    expect(sink.accepted).toHaveLength(2);
    const [first, second] = [sink.received[0], sink.accepted.find(({ to }) => to === sink.received[0]?.to)];
    expect(second?.messageId).toBe(first?.messageId);
  });

  it('is a file in the outbox where there is no relay', async () => {
    const dir = await smallPublication();
    const app = await newsroomWithHeldEdition(dir);
    await app.postRoom.tellOperators(never);
    const folder = join(dir, 'var', 'outbox', 'notice');
    const names = await readdir(folder);
    expect(names.filter((name) => name.endsWith('.eml'))).toHaveLength(2);
    const envelope = names.find((name) => name.endsWith('.json')) ?? '';
    expect(JSON.parse(await readFile(join(folder, envelope), 'utf8'))).toMatchObject({ kind: 'notice' });
  });
});
