import { createHash } from 'node:crypto';
import { type Html, html } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { ownRefresh } from '../html/own-refresh.ts';
import { partial } from '../partial.ts';

/** What of the desk keeps itself up to date. */
export const liveParts = ['needs', 'next', 'last'] as const;

export type LivePart = (typeof liveParts)[number];

const seconds = 20;

/** A part of the desk that asks for itself now and then, saying what it shows, and is replaced where that has changed. */
export async function livePart({ consolePath }: ConsoleRequest, name: LivePart, content: Html): Promise<Html> {
  const text = await content;
  const path = consolePath(`/desk/${name}?seen=${fingerprint(String(text))}`);
  return html`<section class="card" id="desk-${name}" aria-labelledby="desk-${name}-head" hx-get="${path}" hx-trigger="every ${seconds}s" hx-swap="outerHTML"${ownRefresh}>${text}</section>`;
}

/** The part anew; nothing, which leaves the page as it is, where it shows that already. */
export async function refreshedPart(request: ConsoleRequest, name: LivePart, content: Html): Promise<Response> {
  const text = await content;
  if (request.query.get('seen') === fingerprint(String(text))) return new Response(null, { status: 204 });
  return partial(await livePart(request, name, text));
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
