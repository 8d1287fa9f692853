import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../../../src/operators/index.ts';
import { consoleAppOf } from '../../../src/web/console/console-app-of.ts';
import type { ConsoleRoute, OpenRoute } from '../../../src/web/console/console-route.ts';
import { consoleRoutes, openRoutes } from '../../../src/web/console/console-routes.ts';
import { hasRight } from '../../../src/web/console/rights.ts';
import { openConsole, type SignedIn, type TestConsole } from '../../support/console.ts';
import { rawRequest } from '../../support/http.ts';
import { smallPublication } from '../../support/publication-folder.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

let desk: TestConsole;
let routes: readonly ConsoleRoute[];
let open: readonly OpenRoute[];
const people = new Map<string, SignedIn>();
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const folder = await createTemporaryFolder();
  desk = await openConsole({
    folder: await smallPublication(folder.path),
    closeLater: (close) => closing.push(close, () => folder.remove()),
  });
  for (const role of roles) people.set(role, await desk.signIn(role));
  const app = consoleAppOf(desk.app);
  routes = consoleRoutes(app);
  open = openRoutes(app);
});

afterAll(async () => {
  for (const close of closing) await close();
});

/** A path that no session, reader or edition stands behind, so that nothing is done where it is allowed. */
const pathOf = (route: { readonly path: string }): string =>
  `/console${route.path === '/' ? '' : route.path.replace(/:\w+/g, '0')}`;

/** Asks as somebody, or as nobody; returns the status. */
async function ask(method: string, path: string, who: string | null, headers: Readonly<Record<string, string>> = {}) {
  const cookie = who === null ? {} : { cookie: people.get(who)?.cookie ?? '' };
  const body = method === 'POST' ? { body: '' } : {};
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await rawRequest(desk.url, path, { method, headers: { ...cookie, ...type, ...headers }, ...body });
  // The readers’ pages have no script.
  const isConsole = String(answer.headers['content-security-policy']).includes("script-src 'self'");
  return { status: answer.status, location: answer.headers.location ?? '', text: answer.body.toString(), isConsole };
}

const own = (): Record<string, string> => ({ origin: desk.url });
const isStream = (route: ConsoleRoute): boolean => /live|events|stream/.test(route.path);

describe('every route of the console', () => {
  it('has a right, and a path that no other one hides', () => {
    expect(routes.length).toBeGreaterThan(15);
    const places = routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`);
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
  });

  it('sends nobody to the sign-in page, and takes no form of theirs', async () => {
    for (const route of routes) {
      const { status, location } = await ask(route.method, pathOf(route), null, own());
      if (route.method === 'POST') expect([route.path, status]).toEqual([route.path, 403]);
      else
        expect([route.path, status, location]).toEqual([
          route.path,
          303,
          expect.stringMatching(/^\/console\/sign-in\?next=/),
        ]);
    }
  });

  it.each(roles)('answers a %s as the table of rights says', async (role) => {
    for (const route of routes) {
      // Signing out would end what the other requests need.
      if (hasRight(role, route.right) && (route.path === '/sign-out' || isStream(route))) continue;
      const { status } = await ask(route.method, pathOf(route), role, own());
      if (hasRight(role, route.right)) expect([route.path, status]).not.toEqual([route.path, 403]);
      else expect([route.method, route.path, status]).toEqual([route.method, route.path, 403]);
    }
  });

  it('gives no other spelling of a path more than the path itself', async () => {
    const spellings: readonly ((path: string) => string)[] = [
      (path) => `${path}/`,
      (path) => `${path}%2F`,
      (path) => path.replace('/console', '//console'),
      (path) => path.replace('/console', '/CONSOLE'),
      (path) => path.toUpperCase().replace('/CONSOLE', '/console'),
      (path) => path.replace(/\/([^/]+)$/, '//$1'),
      (path) => path.replace(/\/([^/]+)$/, '%2F$1'),
      (path) => path.replace(/\/([^/]+)$/, '/.%2e/$1'),
      (path) => path.replace(/\/([^/]+)$/, '/x/../$1'),
      (path) => path.replace(/\/([^/]+)$/, '/$1;x=1'),
      (path) => path.replace(/\/([^/]+)$/, '/$1%00'),
      (path) => path.replace(/\/([^/]+)$/, '\\$1'),
      (path) => path.replace('/console', '/fa/console'),
      (path) => path.replace('/console', '/console/sign-in/..'),
    ];
    for (const route of routes) {
      for (const [who, denied] of [
        [null, true],
        ['viewer', !hasRight('viewer', route.right)],
      ] as const) {
        if (!denied) continue;
        for (const spell of spellings) {
          const path = spell(pathOf(route));
          const { status, isConsole } = await ask(route.method, path, who, own());
          expect([route.method, path, isConsole && status < 300]).toEqual([route.method, path, false]);
        }
      }
    }
  });

  it('lets no header, field or query make another method of it', async () => {
    const posts = routes.filter(({ method }) => method === 'POST' && !hasRight('viewer', 'operators:manage'));
    for (const route of posts) {
      const path = pathOf(route);
      const overriding = { 'x-http-method-override': 'POST', 'x-http-method': 'POST', 'x-method-override': 'POST' };
      for (const method of ['GET', 'HEAD']) {
        const { status } = await ask(method, `${path}?_method=POST`, 'owner', overriding);
        const isPage = routes.some((other) => other.method === 'GET' && other.path === route.path);
        if (!isPage) expect([method, path, status]).toEqual([method, path, 404]);
      }
      for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        expect([path, (await ask(method, path, 'owner', { ...own(), ...overriding })).status]).toEqual([path, 405]);
      }
    }
  });

  it('takes no form from elsewhere, whoever is signed in', async () => {
    const foreign: readonly Readonly<Record<string, string>>[] = [
      {},
      { origin: 'null' },
      { origin: 'null', 'sec-fetch-site': 'same-origin' },
      { origin: 'https://evil.example' },
      { origin: 'http://localhost.evil.example' },
      { origin: 'https://localhost' },
      { origin: 'http://127.0.0.1:1' },
      // The host that it was sent to, by another scheme.
      { origin: desk.url.replace('http:', 'https:') },
      { origin: `${desk.url}@evil.example` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      { referer: `${desk.url}/console` },
    ];
    for (const { path } of [...routes, ...open].filter(({ method }) => method === 'POST')) {
      for (const headers of foreign) {
        const { status, text } = await ask('POST', pathOf({ path }), 'owner', headers);
        expect([path, headers, status]).toEqual([path, headers, 403]);
        expect(text).toContain('Not sent from here');
      }
    }
  });

  it('takes a form whose browser leaves Origin out and says that it is from here', async () => {
    const { status } = await ask('POST', '/console/account', 'owner', { 'sec-fetch-site': 'same-origin' });
    expect(status).toBe(422);
    expect((await ask('POST', '/console/account', 'owner', { origin: 'http://localhost' })).status).toBe(422);
  });
});
