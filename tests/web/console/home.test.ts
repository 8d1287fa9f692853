import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plusMs, systemClock } from '../../../src/clock.ts';
import { openConsole, type TestConsole } from '../../support/console.ts';
import { putEdition, putReaders } from '../../support/desk-situations.ts';
import { stubDns } from '../../support/dns-stub.ts';
import { samplePublication } from '../../support/publication-folder.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

const hourMs = 3_600_000;
let desk: TestConsole;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const { path, remove } = await createTemporaryFolder();
  closers.push(remove);
  desk = await openConsole({
    folder: await samplePublication(path),
    closeLater: (close) => closers.unshift(close),
    dns: stubDns({}),
  });
  await desk.app.rebuild();
});
afterAll(async () => {
  for (const close of closers) await close();
});

async function textOf(path: string, headers = {}): Promise<string> {
  return (await desk.get(path, headers)).body.toString();
}

/** What a card holds. */
async function card(name: string): Promise<string> {
  return textOf(`/desk/${name}`);
}

describe('the desk', () => {
  it('says that nothing needs anybody, what comes next, and that no edition has left', async () => {
    const page = await textOf('/');
    expect(page).toContain('Nothing needs you.');
    expect(page).toContain('No edition has left yet.');
    expect(page).toMatch(/The week in the Caucasus<\/bdi>/);
    expect(page).toContain('No draft yet.');
    expect(page).toContain('Nothing new yet for 0 readers.');
    expect(page).not.toMatch(/<script>|\sstyle=|\son\w+=/);
  });

  it('counts readers by newsletter, and draws them day by day', async () => {
    await putReaders(desk.app, 'weekly', 3, systemClock.now());
    await putReaders(desk.app, 'daily', 2, systemClock.now());
    expect(await card('next')).toMatch(/The week in the Caucasus.*3 readers.*The evening dispatch.*2 readers/s);
    const page = await textOf('/?newsletter=daily');
    expect(page).toContain('2 get it');
    expect(page).toContain('From 0 to 2 readers: +2.');
    expect(page).toContain('<summary>The same in figures</summary>');
    expect(await textOf('/?newsletter=%3Cscript%3E')).toContain('3 get it');
  });

  it('names what is held, in doubt, failing and paused, each with the way there', async () => {
    const now = systemClock.now();
    const sent = { state: 'sent', deliveries: { sent: 200, failed: 30, in_doubt: 2, excluded: 5 } } as const;
    const weekly = putEdition(desk.app, { ...sent, newsletter: 'weekly', dueAt: plusMs(now, -2 * hourMs) });
    const daily = putEdition(desk.app, {
      newsletter: 'daily',
      state: 'held',
      reason: 'missed',
      dueAt: plusMs(now, -hourMs),
    });
    const needs = await card('needs');
    expect(needs).not.toContain('Nothing needs you.');
    expect(needs).toContain(`${daily} is held: its time was missed by more than its grace.`);
    expect(needs).toContain(`href="/console/editions/${daily}/sending"`);
    expect(needs).toContain(`2 deliveries of ${weekly} are in doubt`);
    expect(needs).toContain(`href="/console/editions/${weekly}/readers?state=in_doubt"`);
    expect(needs).toContain(`30 of 230 deliveries of ${weekly} failed`);
    expect(await card('next')).toContain('<b class="bad">Held:</b>');
    // Readers’ own pages are for those with the right.
    const viewer = await desk.signIn('viewer');
    expect((await viewer.get('/desk/needs')).body.toString()).not.toContain('?state=in_doubt');

    const last = await card('last');
    expect(last).toMatch(/Sent.*200.*Failed.*30.*In doubt.*2.*Left out.*5.*All readers.*237/s);
    expect((await viewer.get('/desk/last')).body.toString()).not.toContain('/readers?state=');
  });

  it('names articles with problems', async () => {
    await writeFile(join(desk.app.config.paths.content, 'broken.md'), '---\ntitle: <b>Without a date\n---\n');
    await desk.app.rebuild();
    const needs = await card('needs');
    expect(needs).toMatch(/One article has problems. One is left out until that is mended..*broken.md/s);
    await rm(join(desk.app.config.paths.content, 'broken.md'));
    await desk.app.rebuild();
    expect(await card('needs')).not.toContain('One article');
  });

  it('sends a part anew only where it has changed, and takes nobody for being at work', async () => {
    const shown = await card('next');
    const [, path] = /hx-get="\/console([^"]+)"/.exec(shown) ?? [];
    const again = await desk.get(path ?? '', { 'silkpost-refresh': '1' });
    expect([again.status, again.body.length]).toEqual([204, 0]);
    await putReaders(desk.app, 'monthly', 1, systemClock.now());
    await putReaders(desk.app, 'weekly', 4, systemClock.now());
    expect((await desk.get(path ?? '')).status).toBe(200);
  });

  it('looks at DNS, relay, clock and disk when asked, and shows what was found', async () => {
    const begun = await desk.post('/desk/doctor');
    expect([begun.status, begun.headers.location]).toEqual([303, '/console']);
    await desk.app.doctorRoom.look();
    const found = await desk.app.doctorRoom.findLast();
    expect(found?.findings.length).toBeGreaterThan(0);
    const warning = found?.findings.find(({ level }) => level === 'warning');
    expect(await card('needs')).toContain(warning?.message.slice(0, 20));
    const viewer = await desk.signIn('viewer');
    expect((await viewer.post('/desk/doctor')).status).toBe(403);
    expect((await viewer.get('/desk/needs')).body.toString()).not.toContain('Look now');
  });
});
