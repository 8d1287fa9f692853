import type { Html } from '../html/html.ts';
import { consoleHeaders } from './console-headers.ts';

/** A part of a page, for htmx. */
export async function partial(part: Html, status = 200): Promise<Response> {
  const headers = { ...consoleHeaders, 'content-type': 'text/html; charset=utf-8' };
  return new Response(String(await part), { status, headers });
}
