import { beforeAll, describe, expect, it } from 'vitest';
import { closeAfterAll } from '../../../support/close-after-all.ts';
import type { TestConsole } from '../../../support/console.ts';
import { newReader } from '../../../support/reader-store.ts';
import { openSharedConsole } from '../../../support/shared-console.ts';

let desk: TestConsole;

const closeLater = closeAfterAll();
beforeAll(async () => {
  desk = await openSharedConsole(closeLater);
  const { subscribers, clock } = desk.app;
  await subscribers.addSubscribers(
    [
      newReader('ann@example.com', { name: '<script>alert(1)</script>', consent: 'At the fair. <b>&</b>' }),
      newReader('anna@example.com', { name: 'Աննա', languages: ['fa'] }),
      newReader('bob@xn--90ais.test'),
      ...Array.from({ length: 60 }, (_, n) => newReader(`many${String(n).padStart(2, '0')}@example.com`)),
    ],
    clock.now(),
  );
});

describe('GET /console/readers', () => {
  it('finds by the beginning of an address, without a script', async () => {
    const { status, body } = await desk.get('/readers?q=ANN&by=address&state=&newsletter=&lang=');
    const text = String(body);
    expect(status).toBe(200);
    expect(text).toContain('ann@example.com');
    expect(text).toContain('anna@example.com');
    expect(text).not.toContain('many00@');
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('value="ANN"');
  });

  it('answers htmx with the list alone, and the browser’s back button with all of it', async () => {
    const part = await desk.get('/readers?q=bob', { 'hx-request': 'true', 'hx-target': 'found' });
    expect(String(part.body)).toContain('bob@бел.test');
    expect(String(part.body)).not.toContain('<html');
    const back = await desk.get('/readers?q=bob', { 'hx-request': 'true', 'hx-history-restore-request': 'true' });
    expect(String(back.body)).toContain('<html');
  });

  it('pages by key, and keeps what is looked for', async () => {
    const first = String((await desk.get('/readers?q=many')).body);
    const next = /href="([^"]*after=[^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(next).toContain('q=many');
    const second = String((await desk.get(next.replace('/console', ''))).body);
    expect(second).toContain('many59@');
    expect(second).not.toContain('many00@');
  });

  it.each(['?q=%00&by=x&state=y&after=z', '?after=1~', '?after=99999999999999999~a', `?q=${'a'.repeat(500)}`])(
    'takes an address that anybody may have changed: %s',
    async (query) => {
      expect((await desk.get(`/readers${query}`)).status).toBe(200);
    },
  );

  it('is for those alone who may see readers', async () => {
    for (const role of ['editor', 'viewer'] as const) {
      const other = await desk.signIn(role);
      for (const path of ['/readers', '/readers/1']) expect((await other.get(path)).status).toBe(403);
    }
    expect((await (await desk.signIn('sender')).get('/readers')).status).toBe(200);
  });
});

describe('GET /console/readers/:id', () => {
  it('shows what a reader agreed to, word by word', async () => {
    const { status, body } = await desk.get('/readers/1');
    const text = String(body);
    expect(status).toBe(200);
    expect(text).toContain('At the fair. &lt;b&gt;&amp;&lt;/b&gt;');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toMatch(/version <code>[0-9a-f]{12}<\/code>/);
  });

  it.each(['0', '999999', 'ann@example.com', '1e3', '01'])('has nobody at %s', async (id) => {
    expect((await desk.get(`/readers/${encodeURIComponent(id)}`)).status).toBe(404);
  });
});
