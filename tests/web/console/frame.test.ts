import { describe, expect, it } from 'vitest';
import { plusMs } from '../../../src/clock.ts';
import { openConsole } from '../../support/console.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { rawRequest } from '../../support/http.ts';

describe('the console', () => {
  it('shows a page with the sections that the role may see, and a notice once', async () => {
    const owner = await openConsole();
    const desk = await owner.get('/', { cookie: `${owner.cookie}; silkpost-notice=Paused%20%3Cb%3E` });
    const text = desk.body.toString();
    expect(desk.status).toBe(200);
    expect(text).toContain('<a href="/console/operators">Operators</a>');
    expect(text).toContain('<p>Paused &lt;b&gt;</p>');
    expect(desk.headers['set-cookie']).toEqual([expect.stringContaining('Max-Age=0')]);
    expect(desk.headers['cache-control']).toBe('no-store');

    const viewer = await owner.signIn('viewer');
    const seen = (await viewer.get('/')).body.toString();
    expect(seen).toContain('/console/articles');
    expect(seen).not.toContain('/console/readers');
  });

  it('serves its style and scripts from its own origin', async () => {
    const { get, url } = await openConsole();
    const text = (await get('/')).body.toString();
    const paths = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(paths).toHaveLength(3);
    for (const path of paths) expect((await rawRequest(url, path)).status).toBe(200);
    expect(text).not.toMatch(/<script>|\sstyle=|\son\w+=/);
  });

  it('brings a font for each script to its heads and its text', async () => {
    const { get, url } = await openConsole();
    const path = /href="(\/assets\/console[^"]+)"/.exec((await get('/')).body.toString())?.[1] ?? '';
    const style = (await rawRequest(url, path)).body.toString();
    for (const stack of ['--serif:', '--sans:']) {
      const families = style.slice(style.indexOf(stack), style.indexOf(';', style.indexOf(stack)));
      for (const script of ['Armenian', 'Georgian', 'Vazirmatn']) expect(families).toContain(script);
    }
  });

  it('leads whoever isn’t signed in to the sign-in page and back', async () => {
    const { url } = await openConsole();
    const answer = await rawRequest(url, '/console/editions?after=3');
    expect([answer.status, answer.headers.location]).toEqual([303, '/console/sign-in?next=%2Feditions%3Fafter%3D3']);
  });

  it('ends a session that nobody uses, although the desk keeps itself up to date', async () => {
    const clock = fixedClock('2026-11-27T08:00:00Z');
    const { get } = await openConsole({ clock });
    const page = (await get('/')).body.toString();
    const polls = [...page.matchAll(/hx-get="\/console([^"]+)" hx-trigger="every [^>]+ hx-headers='([^']+)'/g)];
    expect(polls).toHaveLength(3);
    const refresh = async (): Promise<number[]> => {
      const answers = polls.map(([, path = '', headers = '']) =>
        get(path.replaceAll('&amp;', '&'), { 'hx-request': 'true', ...JSON.parse(headers) }),
      );
      return (await Promise.all(answers)).map(({ status }) => status);
    };
    for (let minutes = 0; minutes < 30; minutes += 10) {
      clock.set(plusMs(clock.now(), 10 * 60_000));
      for (const status of await refresh()) expect([200, 204]).toContain(status);
    }
    clock.set(plusMs(clock.now(), 1000));
    expect(await refresh()).toEqual([403, 403, 403]);
    expect((await get('/')).headers.location).toBe('/console/sign-in?next=%2F');
  });

  it('stands below the path of the publication’s URL', async () => {
    const { url, cookie } = await openConsole({ environment: { SILKPOST_URL: 'http://localhost/paper' } });
    const text = (await rawRequest(url, '/paper/console', { headers: { cookie } })).body.toString();
    expect(text).toContain('href="/paper/console/editions"');
    expect(text).toContain('href="/paper/assets/');
  });
});
