import { type Html, html, raw } from '../../html/html.ts';
import { commonHeaders, mailPreviewCsp } from '../../security-headers.ts';

/**
 * A mail as its reader sees it, in a frame where nothing in it can run, ask or reach the console.
 *
 * @param path of what {@link mailAnswer} answers, as links take it.
 */
export function mailFrame(path: string, title: string, width: 'wide' | 'phone'): Html {
  const frame = html`<iframe class="mail ${width}" title="${title}" sandbox="allow-popups allow-popups-to-escape-sandbox" src="${path}"></iframe>`;
  return width === 'phone' ? frame : html`<div class="desktop">${frame}</div>`;
}

/** A mail's HTML for a frame or a tab of its own. Its links open tabs: inside the frame our pages refuse to be shown. */
export async function mailAnswer(mailHtml: string): Promise<Response> {
  const page = mailHtml.replace(/<head[^>]*>/i, (head) => `${head}<base target="_blank">`);
  return new Response(String(await raw(page)), {
    headers: {
      ...commonHeaders,
      'content-security-policy': mailPreviewCsp,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
    },
  });
}
