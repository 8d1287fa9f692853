import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import type { Edition } from '../../../src/digest/index.ts';
import { launchBrowser } from '../../support/browser.ts';
import { openConsole, type SignedIn, type TestConsole } from '../../support/console.ts';
import { openFreshDraft } from '../../support/fresh-draft.ts';
import { addReaders, type MailRoom, openMailRoom } from '../../support/mailing.ts';
import { faultsOf } from '../../support/page-faults.ts';
import { smallPublication } from '../../support/publication-folder.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

const closing: (() => Promise<void>)[] = [];
let desk: TestConsole;
let room: MailRoom;
let editor: SignedIn;
let content: string;
let edition: Edition;
let made = 0;

async function write(slug: string, lang: 'en' | 'fa', fields: string): Promise<void> {
  const date = new Date(Date.now() - 3_600_000).toISOString();
  await writeFile(join(content, `${slug}.${lang}.md`), `---\n${fields}\ndate: ${date}\nlang: ${lang}\n---\nText.\n`);
}

beforeAll(async () => {
  const home = await createTemporaryFolder();
  closing.push(() => home.remove());
  const folder = await smallPublication(home.path);
  content = join(folder, 'content');
  await mkdir(content, { recursive: true });
  await write('talks', 'en', 'title: Talks in Tehran\nsummary: They met.\ncountries: [armenia]\npriority: lead');
  await write(
    'talks',
    'fa',
    'title: گفت‌وگو در تهران\nsummary: دیدار کردند.\ncountries: [armenia]\ntranslation: machine\npriority: lead',
  );
  await write('bridge', 'en', 'title: A bridge opens\nsummary: Cars cross it.\ncountries: [georgia]');
  await write('snow', 'en', 'title: "Snow <script>alert(1)</script>"\nsummary: It fell.\ncountries: [georgia]');
  desk = await openConsole({ folder, closeLater: (close) => closing.push(close) });
  await desk.app.catalog.refresh();
  editor = await desk.signIn('editor');
  room = await openMailRoom(join(folder, 'var'));
  closing.push(() => room.close());
  await addReaders(room, [{ email: 'all@example.com' }, { email: 'georgia@example.com', countries: ['georgia'] }]);
});

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

beforeEach(async () => {
  made += 1;
  edition = await openFreshDraft(desk.app, made);
});

const pathOf = (rest = ''): string => `/editions/${edition.id}${rest}`;

async function page(path: string, who: SignedIn = desk): Promise<string> {
  const answer = await who.get(path);
  expect(answer.status, path).toBe(200);
  return answer.body.toString();
}

/** A page with a letter, once that is drawn. */
function drawn(path: string): Promise<string> {
  return vi.waitFor(
    async () => {
      const text = await page(path);
      expect(text).not.toContain('is being drawn');
      return text;
    },
    { timeout: 60_000, interval: 100 },
  );
}

const keyOf = async (slug: string): Promise<string> =>
  desk.app.catalog.published().findBySlug('en', slug)?.id ?? expect.fail(slug);

async function arrange(act: string, slug: string, revision = '0', who: SignedIn = editor) {
  return who.post(pathOf('/arrange'), { act, revision, story: await keyOf(slug) });
}

const now = async (): Promise<Edition> => (await desk.app.editions.findEdition(edition.id)) ?? expect.fail('gone');

describe('/console/editions/:id of a draft', () => {
  it('shows the stories in their order, why each is in it, and in which languages', async () => {
    const text = await page(pathOf());
    expect(text.indexOf('Talks in Tehran')).toBeLessThan(text.indexOf('A bridge opens'));
    expect(text).toContain('New: there was no edition before, marked as lead. In en, fa (machine)');
    expect(text).toContain('<span class="waiting">not in fa</span>');
    expect(text).toContain('Snow &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('placeholder="گفت‌وگو در تهران"');
  });

  it('counts who gets what behind the page, and shows it once that is done', async () => {
    await page(pathOf());
    await vi.waitFor(async () => expect(await page(pathOf('/counted'))).toContain('<b>2</b> readers get it'));
    const text = await page(pathOf());
    expect(text).toContain('Counted');
    expect(text).toMatch(/<bdi lang="en" dir="ltr">A bridge opens<\/bdi>|<bdi lang="en" dir="ltr">Snow/);
  });

  it('leaves a story out, brings it back, and returns to it', async () => {
    const answer = await arrange('leave_out', 'bridge');
    expect(answer.status).toBe(303);
    const [, anchor] = String(answer.headers['location']).split('#');
    expect(String(answer.headers['location'])).toContain(pathOf());
    const text = await page(pathOf());
    expect(text).toContain(`id="${anchor}" tabindex="-1"`);
    expect(text).toContain(`Left out by <bdi>${editor.operator.name}</bdi>`);
    expect((await arrange('bring_back', 'bridge', '1')).status).toBe(303);
    expect((await now()).arrangement.leftOut).toEqual([]);
  });

  it('moves and pins stories', async () => {
    await arrange('pin', 'snow');
    await arrange('down', 'talks', '1');
    const { chosen } = await desk.app.desk.select(await now());
    expect(chosen.map(({ story }) => story.original.slug)).toEqual(['snow', 'bridge', 'talks']);
    expect(await page(pathOf())).toContain('Pinned at the top');
  });

  it('refuses a change of what somebody else has changed since, says how, and keeps what was typed', async () => {
    await arrange('leave_out', 'bridge', '0', desk);
    const late = await editor.post(pathOf('/texts'), { revision: '0', 'subject-en': 'The talks', 'preheader-en': '' });
    expect(late.status).toBe(409);
    const text = late.body.toString();
    expect(text).toContain(`<bdi>${desk.operator.name}</bdi> left out “A bridge opens”`);
    expect(text).toContain('value="The talks"');
    expect(await now()).toMatchObject({ revision: 1, arrangement: { subjects: {} } });
    expect((await editor.post(pathOf('/texts'), { revision: '1', 'subject-en': 'The talks' })).status).toBe(303);
    expect(await now()).toMatchObject({ revision: 2, arrangement: { subjects: { en: 'The talks' } } });
  });

  it('refuses a subject with hidden characters beside its field', async () => {
    const answer = await editor.post(pathOf('/texts'), { revision: '0', 'subject-fa': '\u202Eگفت‌وگو' });
    expect(answer.status).toBe(422);
    const text = answer.body.toString();
    expect(text).toContain('id="subject-fa-error"');
    expect(text).toContain('aria-describedby="subject-fa-error" aria-invalid="true"');
    expect(await now()).toMatchObject({ revision: 0 });
  });

  it('shows a viewer what it holds, and nothing to change', async () => {
    const viewer = await desk.signIn('viewer');
    const text = await page(pathOf(), viewer);
    expect(text).toContain('A bridge opens');
    expect(text).not.toContain('name="act"');
    expect((await arrange('leave_out', 'bridge', '0', viewer)).status).toBe(403);
  });

  it('says when a pinned story is gone, and takes the pin off', async () => {
    await write('passing', 'en', 'title: Passing\nsummary: Soon gone.');
    await desk.app.catalog.refresh();
    const key = await keyOf('passing');
    await arrange('pin', 'passing');
    await rm(join(content, 'passing.en.md'));
    await desk.app.catalog.refresh();
    expect(await page(pathOf())).toContain('A pinned story is not published any more');
    await editor.post(pathOf('/arrange'), { act: 'unpin', revision: '1', story: key });
    expect((await now()).arrangement.pinned).toEqual([]);
  });

  it('skips the edition after asking, for those who may send', async () => {
    const sender = await desk.signIn('sender');
    expect((await editor.get(pathOf('/skip'))).status).toBe(403);
    expect(await page(pathOf('/skip'), sender)).toContain('Skip this one?');
    expect((await sender.post(pathOf('/skip'))).status).toBe(303);
    expect(await now()).toMatchObject({ state: 'skipped', reason: 'operator' });
    expect((await arrange('pin', 'snow')).status).toBe(409);
    const late = await editor.post(pathOf('/texts'), {
      revision: '0',
      'subject-en': 'The talks go on',
      'subject-fa': '',
    });
    expect(late.status).toBe(409);
    const text = late.body.toString();
    expect(text).toContain('can’t be changed any more');
    expect(text).toContain('<dd lang="en" dir="ltr">The talks go on</dd>');
  });
});

describe('/console/editions/:id/preview', () => {
  it('shows a letter as text and as its source, in the language that was asked for', async () => {
    await editor.post(pathOf('/texts'), { revision: '0', 'subject-fa': 'از دفتر' });
    const text = await drawn(pathOf('/preview?lang=fa&as=text'));
    expect(text).toContain('<dd lang="fa" dir="auto">از دفتر</dd>');
    expect(text).toMatch(/<pre class="report" lang="fa" dir="rtl"[^>]*>[^<]*گفت‌وگو در تهران/);
    expect(await drawn(pathOf('/preview?lang=fa'))).toContain('<dd lang="fa" dir="auto">از دفتر</dd>');
    const source = await drawn(pathOf('/preview?lang=en&as=source'));
    expect(source).toContain('Content-Type: multipart/alternative');
  });

  it('shows the mail that some readers share', async () => {
    await vi.waitFor(async () => expect(await page(pathOf('/counted'))).toContain('<b>2</b> readers get it'));
    const counted = await page(pathOf('/counted'));
    const [, choice = ''] = /choice=([0-9a-f]{12})"[^<]*<bdi[^>]*>(?:A bridge|Snow)/.exec(counted) ?? [];
    const text = await drawn(pathOf(`/preview?as=text&choice=${choice}`));
    expect(text).toContain('A bridge opens');
    expect(text).not.toContain('Talks in Tehran');
  });

  it('shows a letter in a frame without scripts or our origin, its pictures blocked where asked', async () => {
    const text = await drawn(pathOf('/preview?images=off'));
    expect(text).toMatch(/<iframe [^>]*sandbox="allow-popups allow-popups-to-escape-sandbox" src="[^"]*images=off"/);
    const mail = await desk.get(pathOf('/preview/mail?images=off&scheme=dark'));
    expect(mail.headers['content-security-policy']).toContain('sandbox');
    expect(mail.headers['content-security-policy']).not.toContain('script');
    const body = mail.body.toString();
    expect(body).not.toMatch(/<img[^>]* src=/);
    expect(body).not.toContain('prefers-color-scheme');
    expect(body).not.toContain('<script>alert');
  });

  it('answers at once that a letter is being drawn, and where to look again; what keeps it from being drawn is said', async () => {
    const path = pathOf('/preview?lang=fa&as=phone');
    const text = await page(path);
    const [, again = '', rest = ''] = /<div id="letter" hx-get="\/console([^"]*)"([^>]*)>/.exec(text) ?? [];
    expect(rest).toContain('hx-select="#letter"');
    expect(text).not.toContain('<iframe');
    expect(text).toContain(`<a href="/console${again}">Show it</a>`);
    const mail = await desk.get(pathOf('/preview/mail?lang=fa'));
    expect(mail.status).toBe(200);
    expect(mail.body.toString()).toContain('<a href="" target="_self">Show it</a>');
    expect(await drawn(again.replaceAll('&amp;', '&'))).toMatch(/<div id="letter">.*<iframe /s);
    expect((await desk.get(pathOf('/preview/mail?lang=fa'))).body.toString()).toContain('گفت‌وگو در تهران');

    const template = join(desk.app.config.paths.templates, 'digest.mjml.liquid');
    const good = await readFile(template, 'utf8');
    try {
      await writeFile(template, `${good}{% if %}`);
      await vi.waitFor(async () => expect((await desk.get(path)).status).not.toBe(200), { timeout: 60_000 });
      expect((await desk.get(path)).body.toString()).toContain('digest.mjml.liquid');
    } finally {
      await writeFile(template, good);
    }
    await drawn(path);
  });

  it('has nothing for axe or for a narrow window to find, nor have the pages around it', async () => {
    await arrange('leave_out', 'bridge');
    const browser = await launchBrowser();
    try {
      const { page: tab, context } = await desk.page(browser, { viewport: { width: 360, height: 740 } });
      for (const rest of ['', '/preview', '/preview?as=text&lang=fa', '/test', '/skip']) {
        await tab.goto(desk.at(pathOf(rest)));
        expect([rest, await faultsOf(tab, true)]).toEqual([rest, []]);
      }
      await tab.goto(desk.at(pathOf('/preview?as=desktop')));
      // As wide as on a desk; what holds it is as wide as the phone.
      expect(await tab.locator('iframe.proof').evaluate((frame) => frame.clientWidth)).toBeGreaterThan(650);
      await context.close();
    } finally {
      await browser.close();
    }
  });

  it('shows a Persian letter in the dark on a phone, without a report of a violated policy', async () => {
    const browser = await launchBrowser();
    try {
      const { page: tab, context } = await desk.page(browser, { colorScheme: 'light' });
      const faults: string[] = [];
      tab.on('console', (message) => {
        if (/policy|script/i.test(message.text())) faults.push(message.text());
      });
      await tab.goto(desk.at(pathOf('/preview?lang=fa&as=phone&scheme=dark')));
      const frame = tab.frameLocator('iframe.proof');
      await frame.locator('h1, h2').first().waitFor();
      const seen = await frame.locator('body').evaluate(`({
        background: getComputedStyle(document.body).backgroundColor,
        dir: getComputedStyle(document.querySelector('h1, h2')).direction,
        width: document.documentElement.clientWidth,
        overflow: document.documentElement.scrollWidth,
        origin: self.origin,
      })`);
      expect(seen).toEqual({ background: 'rgb(20, 29, 37)', dir: 'rtl', width: 360, overflow: 360, origin: 'null' });
      expect(faults).toEqual([]);
      await context.close();
    } finally {
      await browser.close();
    }
  });
});

describe('the letters of an edition', () => {
  it('are rendered anew only where something is different', async () => {
    const proof = await desk.app.desk.proof.draw(edition, []);
    expect(await desk.app.desk.proof.draw(await now(), [])).toBe(proof);
    await arrange('leave_out', 'bridge');
    expect((await desk.app.desk.proof.draw(await now(), []))?.keys).not.toContain(await keyOf('bridge'));
  });

  it('of what is new, sent by hand, are arranged as those of the draft', async () => {
    await arrange('leave_out', 'bridge');
    const issue = { newsletter: 'weekly', rhythm: 'each', selection: { since: null, slugs: null } } as const;
    const { arrangement } = await now();
    expect(await desk.app.desk.arrangementFor(issue)).toEqual(arrangement);
    const named = { ...issue, selection: { since: null, slugs: ['bridge'] } };
    expect((await desk.app.desk.arrangementFor(named)).leftOut).toEqual([]);
  });
});

describe('/console/editions/:id/test', () => {
  it('sends a copy to each address, and none where one of them is none', async () => {
    expect(await page(pathOf('/test'), editor)).toContain(`value="${editor.operator.email}"`);
    const refused = await editor.post(pathOf('/test'), { addresses: 'ana@example.com, nobody', lang: 'fa' });
    expect(refused.status).toBe(422);
    expect(refused.body.toString()).toContain('value="ana@example.com, nobody"');
    const eleven = Array.from({ length: 11 }, (_, number) => `ana${number}@example.com`).join(' ');
    const tooMany = await editor.post(pathOf('/test'), { addresses: eleven, lang: 'fa' });
    expect([tooMany.status, tooMany.body.toString()]).toEqual([422, expect.stringContaining('10 addresses at most')]);
    const sent = await editor.post(pathOf('/test'), { addresses: 'ana@example.com nino@example.com', lang: 'fa' });
    expect(sent.status).toBe(303);
    const tests = await readdir(join(desk.app.config.paths.outbox, 'test'));
    expect(tests.filter((name) => name.endsWith('.eml'))).toHaveLength(2);
  });

  it('says what is wrong with a template, and keeps what was typed', async () => {
    const template = join(desk.app.config.paths.templates, 'digest.mjml.liquid');
    const good = await readFile(template, 'utf8');
    try {
      await writeFile(template, `${good}{% nonsense %}`);
      const refused = await editor.post(pathOf('/test'), { addresses: 'ana@example.com nino@example.com', lang: 'fa' });
      expect([refused.status, refused.body.toString()]).toEqual([
        422,
        expect.stringMatching(/(?=.*value="ana@example\.com nino@example\.com")(?=.*digest\.mjml\.liquid)/s),
      ]);
    } finally {
      await writeFile(template, good);
    }
  });
});

describe('/console/editions/:id of an edition that was frozen', () => {
  it('shows what was frozen, with the readers of each mail, and nothing to change', async () => {
    await arrange('leave_out', 'bridge');
    await editor.post(pathOf('/texts'), { revision: '1', 'subject-en': 'The talks' });
    const approved = await desk.app.editions.moveEdition(edition.id, 'approved', { now: systemClock.now() });
    await desk.app.desk.release(approved);
    const text = await page(pathOf());
    expect(text).toContain('Talks in Tehran');
    expect(text).not.toContain('A bridge opens');
    expect(text).toContain('The talks');
    expect(text).not.toContain('name="act"');
    const variants = await desk.app.editions.listVariants(edition.id);
    expect(variants.map(({ subject, readers }) => [subject, readers]).toSorted()).toEqual([
      ['Snow <script>alert(1)</script>', 1],
      ['The talks', 1],
    ]);
  });
});
