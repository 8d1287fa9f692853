import type { Browser, BrowserContext, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config/index.ts';
import type { DnsLookups } from '../../src/doctor/index.ts';
import { createTotpSecret, type Operator, type Role } from '../../src/operators/index.ts';
import { startServer, webAppOf } from '../../src/web/index.ts';
import { type RawAnswer, type RawRequest, rawRequest } from './http.ts';
import { smallPublication } from './publication-folder.ts';

export interface ConsoleOptions {
  /** Of the operator who is signed in; default `owner`. */
  readonly role?: Role;
  /** The publication's folder; default: a small one without an article. */
  readonly folder?: string;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** What DNS says; default: the machine's. */
  readonly dns?: DnsLookups;
  /** `SILKPOST_*` variables besides. */
  readonly environment?: NodeJS.ProcessEnv;
  /** What ends it all; default: when the running test ends. `beforeAll` needs its own. */
  readonly closeLater?: (close: () => Promise<void>) => void;
}

/** Somebody who is signed in to the console. */
export interface SignedIn {
  readonly operator: Operator;
  /** A `Cookie` header. */
  readonly cookie: string;
  /** @param path below `/console`. */
  get(path: string, headers?: RawRequest['headers']): Promise<RawAnswer>;
  /** Posts a form as one of our own pages would. */
  post(path: string, fields?: Readonly<Record<string, string>> | [string, string][]): Promise<RawAnswer>;
  /** A page of a browser that is signed in. The test closes its context. */
  page(
    browser: Browser,
    options?: Parameters<Browser['newContext']>[0],
  ): Promise<{ page: Page; context: BrowserContext }>;
}

/** The console with nobody in it. */
export interface EmptyConsole {
  readonly app: App;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The absolute URL of a path below `/console`. */
  at(path: string): string;
  /** A new operator, signed in. */
  signIn(role: Role): Promise<SignedIn>;
}

export interface TestConsole extends EmptyConsole, SignedIn {}

/** The whole program over HTTP on a free port, with an operator who is signed in. */
export async function openConsole(options: ConsoleOptions = {}): Promise<TestConsole> {
  const console = await openEmptyConsole(options);
  return { ...(await console.signIn(options.role ?? 'owner')), ...console };
}

/** The same before there is any operator. */
export async function openEmptyConsole(options: Omit<ConsoleOptions, 'role'> = {}): Promise<EmptyConsole> {
  const { clock = systemClock, closeLater = onTestFinished } = options;
  const config = readConfig({
    dir: options.folder ?? (await smallPublication()),
    environment: { SILKPOST_URL: 'http://localhost', ...options.environment },
  });
  const app = await openApp(config, { clock, ...(options.dns === undefined ? {} : { dns: options.dns }) });
  const server = await startServer(webAppOf(app), { host: '127.0.0.1', port: 0 });
  closeLater(async () => {
    await server.close();
    await app.close();
  });
  const { url } = server;
  const at = (path: string): string => `${url}/console${path === '/' ? '' : path}`;
  let made = 0;

  async function signIn(as: Role): Promise<SignedIn> {
    made += 1;
    const operator = await app.operatorRoom.store.addOperator(
      { name: `Ana ${made}`, email: `ana${made}@example.com`, role: as, timezone: 'Asia/Tbilisi' },
      clock.now(),
    );
    if (operator === null) throw new Error('There is such an operator already.');
    // As if it had been set up, so that a relay keeps nobody from the pages.
    const totp = { secret: createTotpSecret(), step: 0, recoveryHashes: ['a recovery code'] };
    await app.operatorRoom.store.setTotp(operator.id, totp, -1);
    const token = await app.operatorRoom.sessions.begin(operator.id, { client: null, agent: 'a test' });
    const cookie = `silkpost-session=${token}`;
    return {
      operator,
      cookie,
      get: (path, headers = {}) =>
        rawRequest(url, new URL(at(path)).pathname + new URL(at(path)).search, { headers: { cookie, ...headers } }),
      post: (path, fields = {}) =>
        rawRequest(url, new URL(at(path)).pathname + new URL(at(path)).search, {
          method: 'POST',
          headers: { cookie, origin: url, 'content-type': 'application/x-www-form-urlencoded' },
          body: String(new URLSearchParams(fields)),
        }),
      async page(browser, contextOptions = {}) {
        const context = await browser.newContext(contextOptions);
        await context.addCookies([{ name: 'silkpost-session', value: token, url: `${url}/console` }]);
        return { page: await context.newPage(), context };
      },
    };
  }

  return { app, url, at, signIn };
}
