import { openSampleConsole, type SampleConsole } from './sample-console.ts';

/** A page of the console to be pictured. */
export interface ConsoleShot {
  readonly name: string;
  /** Below `/console`. */
  readonly path: string;
  /** Whether the manual shows it: on a desk, in the light. */
  readonly inManual: boolean;
}

/** Every page that `docs/operating.md` tells of. */
export async function listConsoleShots({ app, draft, paused, sent }: SampleConsole): Promise<ConsoleShot[]> {
  const reader = (await app.subscribers.findByEmail('reader44@courier.test'))?.subscriber.id ?? 0;
  const shot = (name: string, path: string, inManual = true): ConsoleShot => ({
    name: `console-${name}`,
    path,
    inManual,
  });
  return [
    shot('desk', '/'),
    shot('editions', '/editions'),
    shot('composing', `/editions/${draft.id}`),
    shot('preview', `/editions/${draft.id}/preview?lang=fa&as=phone&scheme=dark`),
    shot('preflight', `/editions/${draft.id}/preflight`),
    shot('send', '/send'),
    shot('sending', `/editions/${paused.id}/sending`),
    shot('outcomes', `/editions/${sent.id}/readers`),
    shot('doubt', `/editions/${sent.id}/doubt`),
    shot('readers', '/readers'),
    shot('reader', `/readers/${reader}`),
    shot('articles', '/articles'),
    shot('feeds', '/feeds'),
    shot('outbox', '/outbox'),
    shot('audit', '/audit'),
    shot('operators', '/operators'),
    shot('account', '/account', false),
  ];
}

export { openSampleConsole };
