import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import type { Edition } from '../../../src/digest/index.ts';
import { openConsole, type SignedIn, type TestConsole } from '../../support/console.ts';
import { openFreshDraft } from '../../support/fresh-draft.ts';
import { smallPublication } from '../../support/publication-folder.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

const closing: (() => Promise<void>)[] = [];
let desk: TestConsole;
let sender: SignedIn;
let editor: SignedIn;
let content: string;
let edition: Edition;
let made = 0;

async function write(slug: string, summary: string, text: string): Promise<void> {
  const date = new Date(Date.now() - 3_600_000).toISOString();
  await writeFile(
    join(content, `${slug}.md`),
    `---\ntitle: "About ${slug} <script>alert(1)</script>"\nsummary: ${summary}\ndate: ${date}\n---\n\n${text}\n`,
  );
  await desk.app.catalog.refresh();
}

beforeAll(async () => {
  const home = await createTemporaryFolder();
  closing.push(() => home.remove());
  const folder = await smallPublication(home.path);
  const file = join(folder, 'silkpost.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('0 7 * * FRI', '0 7 * * FRI\n    approval: any'));
  content = join(folder, 'content');
  desk = await openConsole({ folder, closeLater: (close) => closing.push(close) });
  sender = await desk.signIn('sender');
  editor = await desk.signIn('editor');
});

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

beforeEach(async () => {
  await write('bridge', 'It opens.', 'Text, with [a link](http://127.0.0.1/secret).');
  made += 1;
  edition = await openFreshDraft(desk.app, made);
});

const path = (rest = ''): string => `/editions/${edition.id}/preflight${rest}`;

async function page(who: SignedIn = desk): Promise<string> {
  const answer = await who.get(path());
  expect(answer.status).toBe(200);
  return answer.body.toString();
}

/** The page once nobody is looking at the edition any more. */
async function looked(who: SignedIn = desk): Promise<string> {
  for (;;) {
    const html = await page(who);
    if (!html.includes('It is being looked at')) return html;
    await pause(20);
  }
}

const seenIn = (html: string): string => /name="seen" value="([0-9a-f]+)"/.exec(html)?.[1] ?? expect.fail('no form');

describe('the page of an edition’s preflight', () => {
  it('answers at once that it is being looked at, renews itself, and shows what was found, each with what to do', async () => {
    await write('bridge', 'TKTK', 'Text.');
    const first = await page();
    expect(first).toContain('It is being looked at');
    expect(first).toMatch(/<div class="cards two" id="preflight" hx-get="[^"]*\/preflight" hx-trigger="load delay:1s"/);
    const html = await looked();
    expect(html).not.toContain('hx-trigger');
    expect(html).toContain('To mend first');
    expect(html).toMatch(/The summary of “<bdi>About bridge &lt;script&gt;.*?holds “<bdi>TKTK<\/bdi>”/);
    expect(html).toMatch(/Write what is meant, or take it out\. <code>content\/bridge\.md:3<\/code>/);
    expect(html).not.toContain('<script>alert');
    const part = await desk.get(path(), { 'hx-request': 'true' });
    expect(part.body.toString()).toMatch(/^<div class="cards two" id="preflight">/);
  });

  it('looks again where the edition has changed, and says that what it shows is older', async () => {
    expect(await looked()).toContain('It has no readers yet.');
    await write('bridge', 'TODO', 'Text.');
    expect(await page()).toContain('It has changed since.');
    expect(await looked()).toContain('holds “<bdi>TODO</bdi>”');
  });

  it('asks other sites only where somebody says so', async () => {
    const before = await looked(editor);
    expect(before).toContain('Check the link to other sites');
    expect(before).not.toContain('could not be checked');
    expect((await editor.post(path('/look'), { foreign: 'yes' })).status).toBe(303);
    const after = await looked(editor);
    expect(after).toContain('http://127.0.0.1/secret, which could not be checked: 127.0.0.1 isn’t a public address.');
    expect(after).toContain('Check links to other sites again');
  });

  it('is not found for an edition that isn’t there', async () => {
    expect((await desk.get('/editions/none/preflight')).status).toBe(404);
    expect((await desk.post('/editions/none/preflight/approve')).status).toBe(404);
  });
});

describe('approving an edition in the console', () => {
  it('binds the approval to what was seen; the page says what changed since', async () => {
    const html = await looked(sender);
    expect(html).toContain('Nobody has approved it yet.');
    const approved = await sender.post(path('/approve'), { seen: seenIn(html) });
    expect(approved.status).toBe(303);
    expect(await page(editor)).toContain(`Approved by <bdi>${sender.operator.name}</bdi>`);
    await write('road', 'It is closed.', 'Text.');
    const changed = await looked(editor);
    expect(changed).toMatch(/The approval by <bdi>[^<]*<\/bdi>.* is void/);
    expect(changed).toContain('“<bdi>About road &lt;script&gt;alert(1)&lt;/script&gt;</bdi>” was added.');
    const stale = await sender.post(path('/approve'), { seen: seenIn(html) });
    expect(stale.status).toBe(422);
    expect(stale.body.toString()).toContain('It has changed since you opened this page.');
    await writeFile(
      join(content, 'road.md'),
      '---\ntitle: About road\nsummary: x\ndate: 2020-01-01\nstatus: draft\n---\n',
    );
    await desk.app.catalog.refresh();
  });

  it('takes a reason where something is to be mended first, from who may send, and keeps it in the audit log', async () => {
    await write('bridge', 'TKTK', 'Text.');
    const seen = seenIn(await looked(sender));
    const refused = await sender.post(path('/approve'), { seen, reason: ' ' });
    expect(refused.status).toBe(422);
    expect(refused.body.toString()).toMatch(
      /id="reason"[^>]*aria-describedby="reason-help reason-error" aria-invalid="true"/,
    );
    expect((await sender.post(path('/approve'), { seen, reason: 'It is a name.' })).status).toBe(303);
    const row = await desk.app.operatorRoom.auditEntries.listEntries({ subject: edition.id }, null, 10);
    expect(JSON.stringify(row)).toContain('It is a name.');
  });

  it('waits for the look at it', async () => {
    const seen = seenIn(await page(sender));
    const early = await sender.post(path('/approve'), { seen });
    expect(early.status).toBe(422);
    expect(early.body.toString()).toContain('It is still being looked at.');
    await looked();
  });

  it('waits for another look where something has come up since the last one', async () => {
    await looked(sender);
    await write('bridge', 'TKTK', 'Text.');
    const soon = await sender.post(path('/approve'), { seen: seenIn(await page(sender)) });
    expect(soon.status).toBe(422);
    // By what is found then, which may be at once.
    expect(soon.body.toString()).toMatch(/It is still being looked at\.|Say why it may go out/);
    await looked();
  });

  it('is taken back', async () => {
    const seen = seenIn(await looked(sender));
    await sender.post(path('/approve'), { seen });
    expect((await sender.post(path('/withdraw'))).status).toBe(303);
    expect(await page()).toContain(`${sender.operator.name} took it back.`);
  });

  it('lets a held edition go', async () => {
    await desk.app.editions.moveEdition(edition.id, 'held', { reason: 'approval', now: systemClock.now() });
    const html = await looked(sender);
    expect(html).toContain('Approve and send');
    await sender.post(path('/approve'), { seen: seenIn(html) });
    expect(await desk.app.editions.findEdition(edition.id)).toMatchObject({ state: 'approved', reason: 'operator' });
    await desk.app.editions.moveEdition(edition.id, 'cancelled', { now: systemClock.now() });
  });

  it('is nothing for editors', async () => {
    expect(await looked(editor)).not.toContain('name="seen"');
    expect((await editor.post(path('/approve'), { seen: 'x' })).status).toBe(403);
    expect((await (await desk.signIn('viewer')).post(path('/look'))).status).toBe(403);
  });
});
