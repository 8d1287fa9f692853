import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { consoleAppOf } from '../../../src/web/console/console-app-of.ts';
import { consoleRoutes, openRoutes } from '../../../src/web/console/console-routes.ts';
import { closeAfterAll } from '../../support/close-after-all.ts';
import { openConsole, type TestConsole } from '../../support/console.ts';
import { openFreshDraft } from '../../support/fresh-draft.ts';
import { smallPublication } from '../../support/publication-folder.ts';
import { newReader } from '../../support/reader-store.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

type Fields = Readonly<Record<string, string>>;

interface RefusedForm {
  /** As the table of routes has it. */
  readonly route: string;
  /** What stands in the place of `:id` or `:token`. */
  readonly of?: () => string | number | Promise<string | number>;
  /** What its page put into hidden fields. */
  readonly hidden?: () => Fields | Promise<Fields>;
  readonly typed: Fields;
  /** What must not come back, or can’t, as no choice is called so. */
  readonly unkept?: readonly string[];
  readonly field: string;
  readonly sentence: string;
}

let desk: TestConsole;
let edition: string;
let reader: number;
let resting: number;

const closeLater = closeAfterAll();
beforeAll(async () => {
  const home = await createTemporaryFolder();
  closeLater(() => home.remove());
  const folder = await smallPublication(home.path);
  const file = join(folder, 'silkpost.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('0 7 * * FRI', '0 7 * * FRI\n    approval: any'));
  const date = new Date(Date.now() - 3_600_000).toISOString();
  const article = `---\ntitle: A bridge\nsummary: TODO\ndate: ${date}\n---\n\nThe text.\n`;
  await writeFile(join(folder, 'content', 'bridge.md'), article);
  desk = await openConsole({ folder, closeLater });
  const { app } = desk;
  await app.rebuild({});
  const to = { newsletters: ['weekly'] };
  const names = ['ann@example.com', 'bob@example.com'];
  await app.subscribers.addSubscribers(
    names.map((email) => newReader(email, to)),
    app.clock.now(),
  );
  const ids = names.map(async (email) => (await app.subscribers.findByEmail(email))?.subscriber.id ?? 0);
  [reader = 0, resting = 0] = await Promise.all(ids);
  await desk.post(`/readers/${resting}/pause`, { newsletter: 'weekly', until: '' });
  edition = (await openFreshDraft(app, 1)).id;
  await pageOnce(`/editions/${edition}/preflight`, 'It is being looked at');
});

/** The page once it doesn’t say so any more. */
function pageOnce(path: string, unfinished: string): Promise<string> {
  return vi.waitFor(
    async () => {
      const page = String((await desk.get(path)).body);
      expect(page).not.toContain(unfinished);
      return page;
    },
    { timeout: 30_000, interval: 50 },
  );
}

/** The hidden fields of a page’s form. */
async function hiddenOf(path: string, unfinished: string, action: string): Promise<Fields> {
  const page = await pageOnce(path, unfinished);
  const form = page.split('<form').find((part) => part.includes(`action="/console${action}"`)) ?? '';
  const fields = [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)];
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]));
}

async function uploaded(): Promise<Fields> {
  const body = new FormData();
  body.append('file', new Blob(['email\ncyrus@example.com\n']), 'readers.csv');
  const headers = { cookie: desk.cookie, origin: desk.url };
  await fetch(desk.at('/readers/import'), { method: 'POST', headers, body, redirect: 'manual' });
  return hiddenOf('/readers/import', 'never', '/readers/import/start');
}

const invited = async (): Promise<string> => {
  const wish = { email: `invited${Math.random()}@example.com`, role: 'editor' } as const;
  return (await desk.app.operatorRoom.desk.invite(desk.operator, wish)).token;
};

const odd = '"><b>O’Neill</b> & ქართული';
const alert = 'newsletter=weekly&what=alert&article=bridge&when=now';
const wrongPasswords = { current: 'not the password', password: 'short' };

const refusedForms: readonly RefusedForm[] = [
  {
    route: '/sign-in',
    typed: { email: 'ana@example.com', password: 'something else', code: '123456', next: '/audit?x=1' },
    unkept: ['password', 'code'],
    field: 'email',
    sentence: 'Address, password and code don’t belong together.',
  },
  {
    route: '/welcome/:token',
    of: invited,
    typed: { name: odd, timezone: 'Mars/Olympus', password: 'a long enough password' },
    unkept: ['password'],
    field: 'timezone',
    sentence: 'zone',
  },
  {
    route: '/welcome/:token',
    of: invited,
    typed: { name: odd, timezone: 'Asia/Yerevan', password: 'short' },
    unkept: ['password'],
    field: 'password',
    sentence: '12 characters',
  },
  {
    route: '/account',
    typed: { name: ' ', timezone: 'Asia/Yerevan' },
    field: 'name',
    sentence: 'Say what others call you.',
  },
  { route: '/account', typed: { name: odd, timezone: 'Nowhere' }, field: 'timezone', sentence: 'zone' },
  {
    route: '/account/password',
    typed: wrongPasswords,
    unkept: ['current', 'password'],
    field: 'password',
    sentence: '12 characters',
  },
  {
    route: '/account/authenticator',
    typed: { secret: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', code: '000000' },
    unkept: ['code'],
    field: 'code',
    sentence: 'code',
  },
  {
    route: '/account/recovery',
    typed: { current: 'not the password' },
    unkept: ['current'],
    field: 'current',
    sentence: 'password',
  },
  { route: '/operators', typed: { email: odd, role: 'viewer' }, field: 'email', sentence: 'address' },
  {
    route: '/operators',
    typed: { email: 'eve@example.com', role: 'god' },
    unkept: ['role'],
    field: 'role',
    sentence: 'Choose one of the roles.',
  },
  {
    route: '/operators/:id/role',
    of: () => desk.operator.id,
    typed: { role: 'viewer' },
    field: 'role',
    sentence: 'owner',
  },
  { route: '/operators/:id/reset', of: () => desk.operator.id, typed: {}, field: 'reset', sentence: 'Tick the box.' },
  { route: '/operators/:id/remove', of: () => desk.operator.id, typed: {}, field: 'remove', sentence: 'Tick the box.' },
  {
    route: '/editions/:id/texts',
    of: () => edition,
    hidden: () => ({ revision: '0' }),
    typed: { 'subject-en': `\u202E${odd}`, 'preheader-en': odd, 'subject-fa': 'پل', 'preheader-fa': '' },
    field: 'subject-en',
    sentence: 'Subject (en)',
  },
  {
    route: '/editions/:id/test',
    of: () => edition,
    typed: { addresses: `ana@example.com, ${odd}`, lang: 'fa', choice: 'all' },
    field: 'addresses',
    sentence: 'O’Neill',
  },
  {
    route: '/editions/:id/preflight/approve',
    of: () => edition,
    typed: { reason: ' ' },
    field: 'reason',
    sentence: 'Say why it may go out',
    unkept: ['reason'],
  },
  {
    route: '/editions/:id/preflight/approve',
    of: () => edition,
    typed: { reason: `${odd} `.repeat(30).trim() },
    field: 'reason',
    sentence: 'at most 500 characters',
  },
  {
    route: '/editions/:id/early',
    of: () => edition,
    hidden: () => hiddenOf(`/editions/${edition}/early`, 'readers are counted', `/editions/${edition}/early`),
    typed: { reason: ' ' },
    unkept: ['reason'],
    field: 'reason',
    sentence: 'Say why it may go out all the same',
  },
  {
    route: '/send',
    hidden: () => hiddenOf(`/send/confirm?${alert}`, 'readers are counted', '/send'),
    typed: { reason: ' ' },
    unkept: ['reason'],
    field: 'reason',
    sentence: 'Say why it may go out all the same',
  },
  {
    route: '/readers/add',
    typed: { email: 'nobody', name: odd, lang: 'fa', newsletter: 'weekly', country: 'georgia', vouch: 'yes' },
    field: 'email',
    sentence: '@',
  },
  {
    route: '/readers/add',
    typed: { email: 'dia@example.com', name: odd, lang: 'fa', newsletter: 'weekly', country: 'nope', vouch: 'yes' },
    unkept: ['country'],
    field: 'country',
    sentence: 'nope',
  },
  {
    route: '/readers/add',
    typed: { email: 'dia@example.com', name: odd, lang: 'fa', newsletter: 'weekly' },
    field: 'vouch',
    sentence: 'Without that nobody may be added.',
  },
  { route: '/readers/import', typed: { file: 'x' }, unkept: ['file'], field: 'file', sentence: 'file' },
  {
    route: '/readers/import/start',
    hidden: uploaded,
    typed: { consent: `${odd} `.repeat(100) },
    field: 'newsletter',
    sentence: 'Choose at least one.',
  },
  {
    route: '/readers/import/start',
    hidden: uploaded,
    typed: { consent: `${odd} `.repeat(100), newsletter: 'weekly' },
    field: 'consent',
    sentence: 'at most 2000 characters',
  },
  {
    route: '/readers/export',
    typed: { newsletter: 'nope', status: 'left' },
    unkept: ['newsletter'],
    field: 'newsletter',
    sentence: 'There is no such newsletter.',
  },
  {
    route: '/suppressions',
    typed: { email: odd, reason: 'They wrote to us.' },
    field: 'email',
    sentence: 'The address holds a space.',
  },
  {
    route: '/suppressions',
    typed: { email: 'eve@example.com', reason: odd.repeat(30) },
    field: 'reason',
    sentence: 'Say why, on one line',
  },
  {
    route: '/readers/:id/suppress',
    of: () => reader,
    typed: { reason: odd.repeat(30) },
    field: 'reason',
    sentence: 'Say why, on one line',
  },
  {
    route: '/readers/:id/erase',
    of: () => reader,
    typed: { address: odd, keepOut: 'yes' },
    field: 'address',
    sentence: 'This isn’t the address.',
  },
  {
    route: '/readers/:id/pause',
    of: () => reader,
    typed: { newsletter: 'weekly', until: '1999-01-01' },
    field: 'until',
    sentence: 'The pause can end on a day from',
  },
  ...(['pause', 'leave', 'resume'] as const).map((deed) => ({
    route: `/readers/:id/${deed}`,
    of: () => (deed === 'resume' ? resting : reader),
    typed: { newsletter: 'nope' },
    unkept: ['newsletter'],
    field: 'newsletter',
    sentence: 'Choose one of these.',
  })),
];

/** Buttons: nothing is typed, so that nothing can be lost; what they answer is said in the tests of their pages. */
const buttons: readonly string[] = [
  '/desk/doctor',
  '/sign-out',
  '/account/sessions/:id/end',
  '/account/sessions/end-others',
  '/editions/:id/arrange',
  '/editions/:id/skip',
  '/editions/:id/preflight/look',
  '/editions/:id/preflight/withdraw',
  '/editions/:id/undo',
  '/editions/:id/release',
  '/editions/:id/pause',
  '/editions/:id/resume',
  '/editions/:id/cancel',
  '/editions/:id/readers/export',
  '/editions/:id/readers/:delivery/settle',
  '/editions/:id/doubt/all',
  '/editions/:id/missing',
  '/readers/import/again',
  '/readers/import/stop',
  '/readers/import/remove',
  '/readers/:id/link',
  '/readers/:id/readmit',
  '/readers/:id/lift',
  '/suppressions/lift',
];

/** It takes an edition with deliveries in doubt; `after.test.ts` has one. */
const heldElsewhere: readonly string[] = ['/editions/:id/doubt/log'];

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The tags of a page’s fields of that name, each with what stands in it. */
function controlsOf(page: string, name: string): { readonly tag: string; readonly content: string }[] {
  const found = page.matchAll(/(<(input|select|textarea)\b[^>]*>)([\s\S]*?(?=<\/\2>))?/g);
  return [...found]
    .map(([, tag = '', kind = '', content = '']) => ({ tag, content: kind === 'input' ? '' : content }))
    .filter(({ tag }) => tag.includes(` name="${name}"`));
}

function holds(page: string, name: string, value: string): boolean {
  const text = escaped(value);
  return controlsOf(page, name).some(({ tag, content }) => {
    if (tag.startsWith('<textarea')) return content === text;
    if (tag.startsWith('<select')) return new RegExp(`<option value="${text}"[^>]* selected`).test(content);
    const isTick = /type="(?:checkbox|radio)"/.test(tag);
    return tag.includes(` value="${text}"`) && (!isTick || tag.includes(' checked'));
  });
}

/** What is read out with a field. */
function toldOf(page: string, tag: string): string {
  const ids = / aria-describedby="([^"]*)"/.exec(tag)?.[1]?.split(' ') ?? [];
  return ids.map((id) => new RegExp(` id="${id}"[^>]*>([\\s\\S]*?)</(?:p|div)>`).exec(page)?.[1] ?? '').join(' ');
}

describe('every form of the console', () => {
  it('stands in this table', () => {
    const all = [...consoleRoutes(consoleAppOf(desk.app)), ...openRoutes(consoleAppOf(desk.app))];
    const posts = all.filter(({ method }) => method === 'POST').map(({ path }) => path);
    const here = new Set([...refusedForms.map(({ route }) => route), ...buttons, ...heldElsewhere]);
    expect([...here].toSorted()).toEqual(posts.toSorted());
  });

  it.each(refusedForms)('$route: keeps what was typed, and says beside “$field” why it is refused', async (form) => {
    const { route, of, hidden, typed, unkept = [], field, sentence } = form;
    const path = route.replace(/:\w+/, String((await of?.()) ?? ''));
    const { status, body } = await desk.post(path, { ...(await hidden?.()), ...typed });
    const page = String(body);
    expect(status).toBe(422);
    const controls = controlsOf(page, field);
    expect(controls.length).toBeGreaterThan(0);
    for (const { tag } of controls) {
      expect(tag).toContain(' aria-invalid="true"');
      expect(toldOf(page, tag)).toContain(sentence);
    }
    const lost = Object.entries(typed).filter(([name, value]) => !unkept.includes(name) && !holds(page, name, value));
    expect(lost).toEqual([]);
    for (const secret of ['password', 'current', 'code']) {
      for (const { tag } of controlsOf(page, secret)) expect(tag).not.toMatch(/ value="[^"]/);
    }
  });

  it('keeps the reason for what blocks where something else is refused, or has to be counted anew', async () => {
    const hidden = await hiddenOf(`/send/confirm?${alert}`, 'readers are counted', '/send');
    const changed = await desk.post('/send', { ...hidden, shown: '4812', reason: odd });
    expect([changed.status, holds(String(changed.body), 'reason', odd)]).toEqual([422, true]);
    const again = await pageOnce(`/send/confirm?${alert}&reason=${encodeURIComponent(odd)}`, 'readers are counted');
    expect(holds(again, 'reason', odd)).toBe(true);
    const early = await desk.post(`/editions/${edition}/early`, { seen: 'something else', reason: odd });
    expect([early.status, holds(String(early.body), 'reason', odd)]).toEqual([422, true]);
  });

  it.each([
    ['/suppressions?address=nobody', 'address', '@'],
    ['/send/confirm?newsletter=weekly&what=alert&article=no-such&again=yes&lang=fa', 'article', 'no-such'],
  ])('says beside the field why %s finds nothing', async (path, field, sentence) => {
    const { status, body } = await desk.get(path);
    const [control] = controlsOf(String(body), field);
    expect([status, control?.tag]).toEqual([422, expect.stringContaining('aria-invalid="true"')]);
    expect(toldOf(String(body), control?.tag ?? '')).toContain(sentence);
  });
});
