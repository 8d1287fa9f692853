import type { ReportedRecipient } from './arrival.ts';
import { enhancedCode } from './delivery-status.ts';

/** Longer texts are quoted mail; what failed stands at the front. */
const mostLines = 400;
const longestLine = 500;

/**
 * What servers that know no RFC 3464 write in prose: qmail (QSBMF), older Exim, appliances. Null where it doesn't read like a
 * failure.
 *
 * @param failed The value of Exim's X-Failed-Recipients, or null.
 */
export function parseTextBounce(text: string, failed: string | null): ReportedRecipient[] | null {
  const lines = text.split(/\r\n|\r|\n/, mostLines).map((line) => line.slice(0, longestLine).trim());
  const end = lines.findIndex((line) => quoted.test(line));
  const told = end === -1 ? lines : lines.slice(0, end);
  const said = told.find((line) => replyAt.test(line));
  const isFailure = failed !== null || told.some((line) => failure.test(line));
  if (!isFailure) return null;
  const named =
    failed?.split(',').map((part) => part.trim()) ?? told.flatMap((line) => recipientLine.exec(line)?.[1] ?? []);
  const reply = said?.slice(said.search(replyAt)) ?? '';
  const recipient = (address: string | null): ReportedRecipient => ({
    address,
    originalAddress: null,
    action: 'failed',
    status: enhancedCode(reply),
    said: reply,
  });
  const addresses = named.filter((name) => /^[^\s<>@]+@[^\s<>@]+$/.test(name)).slice(0, 100);
  return addresses.length === 0 ? [recipient(null)] : addresses.map(recipient);
}

/** `550 5.1.1 …`, `550-…`, `550 No such user`, wherever in the line the other server's words begin. */
const replyAt = /(?<![\d.])[45]\d\d(?:[ -][45]\.\d{1,3}\.\d{1,3}(?![\d.])|[ -](?=[A-Za-z<#]))/;
/** `<ann@example.com>:` and `ann@example.com` on a line alone. */
const recipientLine = /^<?([^\s<>@:]{1,64}@[^\s<>@:]{1,255})>?:?$/;
/** Where qmail and Exim begin to quote what was sent. */
const quoted = /^-{2,} ?(?:Below this line|This is a copy|Original message|The following is)/i;
const failure =
  /(?:could ?n[o']t be delivered|unable to deliver|was not delivered|undeliverable|delivery (?:has )?failed|permanent(?:ly)? (?:error|failure|fatal)|returned (?:mail|to sender)|did not reach|не (?:было |удалось )?доставлен)/i;
