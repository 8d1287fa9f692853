import type { ParsedMail } from 'mailparser';
import { sentenceOf } from '../../errors.ts';
import type { Arrival, ArrivalTrace, ReportedRecipient } from './arrival.ts';
import { parseDeliveryStatus } from './delivery-status.ts';
import { type FeedbackReport, parseFeedbackReport } from './feedback-report.ts';
import { findTokens } from './mail-token.ts';
import { parseTextBounce } from './text-bounce.ts';

/** Deeper or wider messages are built to hurt. */
const limits = { maxChildNodes: 200, maxHtmlLengthToParse: 0 };

/**
 * Tells apart what arrives at a return path: reports (RFC 3464, 6533), complaints (RFC 5965), leaving mails, answering
 * machines (RFC 3834) and people. Never rejects, whatever the bytes are.
 */
export async function classifyMail(raw: Buffer): Promise<Arrival> {
  // Loaded with the first mail: it comes in forty modules.
  const { simpleParser } = await import('mailparser');
  let mail: ParsedMail;
  try {
    mail = await simpleParser(raw, {
      ...limits,
      // Else it is merged into the text, where it can't be told from prose.
      keepDeliveryStatus: true,
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipTextLinks: true,
      skipImageLinks: true,
    });
  } catch (error) {
    return unreadable(`It is no message: ${sentenceOf(error)}`);
  }
  const trace: ArrivalTrace = { tokens: tokensOf(raw, mail), relayId: null };
  const status = partOf(mail, 'message/delivery-status') ?? partOf(mail, 'message/global-delivery-status');
  if (status !== null) return reportOf(parseDeliveryStatus(status), trace);
  const feedback = partOf(mail, 'message/feedback-report');
  if (feedback !== null) return feedbackOf(parseFeedbackReport(feedback), trace);
  // RFC 8098: somebody's program tells that the mail was shown, or deleted.
  if (partOf(mail, 'message/disposition-notification') !== null) return { kind: 'notice' };

  const headers = headersOf(mail);
  if (headers.size === 0) return unreadable('It has no header.');
  const leaving = findTokens(recipientsOf(headers)).filter(({ purpose }) => purpose === 'leave');
  if (leaving.length > 0)
    return { kind: 'leave', addresses: sendersOf(mail), trace: { tokens: leaving, relayId: null } };
  if (isHotmailComplaint(headers)) return { kind: 'complaint', addresses: [], trace };
  if (vacation.test(headers.get('subject') ?? '') && !headers.has('x-failed-recipients')) return { kind: 'auto_reply' };
  if (isFromServer(headers)) {
    if (/\b(?:delayed|still trying|will (?:be )?retr(?:y|ied))\b/i.test(headers.get('subject') ?? ''))
      return { kind: 'delayed' };
    const recipients = parseTextBounce((mail.text ?? '').slice(0, 65_536), headers.get('x-failed-recipients') ?? null);
    if (recipients !== null) return { kind: 'bounce', recipients, trace };
    if (!isAutomatic(headers)) return unreadable('It comes from a mail server and is no report in any known form.');
  }
  return isAutomatic(headers) ? { kind: 'auto_reply' } : { kind: 'reply' };
}

function reportOf(recipients: readonly ReportedRecipient[], trace: ArrivalTrace): Arrival {
  const has = (action: ReportedRecipient['action']) => recipients.some((recipient) => recipient.action === action);
  if (recipients.length === 0) return unreadable('It is a delivery report that names no recipient.');
  if (has('failed')) return { kind: 'bounce', recipients, trace };
  return has('delayed') ? { kind: 'delayed' } : { kind: 'delivered', recipients, trace };
}

function feedbackOf(report: FeedbackReport | null, trace: ArrivalTrace): Arrival {
  if (report === null) return unreadable('It is a feedback report that names no type.');
  switch (report.type) {
    case 'complaint':
      return { kind: 'complaint', addresses: report.addresses, trace };
    case 'opt_out':
      return { kind: 'leave', addresses: report.addresses, trace };
    case 'not_spam':
    case 'notice':
      return { kind: report.type };
    default:
      return report.type satisfies never;
  }
}

function partOf(mail: ParsedMail, type: string): string | null {
  const part = mail.attachments.find(({ contentType }) => contentType.toLowerCase() === type);
  return part === undefined ? null : part.content.toString();
}

/** Raw header texts by lower-case name, unfolded; the first of each, but all of those that name recipients. */
function headersOf(mail: ParsedMail): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const { key, line } of mail.headerLines) {
    const value = line
      .slice(line.indexOf(':') + 1)
      .replace(/\s+/g, ' ')
      .trim();
    const known = headers.get(key);
    if (!/^[a-z0-9-]+$/.test(key)) continue;
    if (known === undefined) headers.set(key, value);
    else if (recipientFields.includes(key)) headers.set(key, `${known}, ${value}`);
  }
  if (mail.subject !== undefined && headers.has('subject')) headers.set('subject', mail.subject);
  return headers;
}

const recipientFields = ['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'resent-to'];

function recipientsOf(headers: ReadonlyMap<string, string>): string {
  return recipientFields.map((name) => headers.get(name) ?? '').join(', ');
}

function sendersOf({ from }: ParsedMail): string[] {
  return (from?.value ?? []).flatMap(({ address }) => address ?? []);
}

/** Outlook.com's Junk Mail Reporting Program passes the mail on as it was, without a report. */
function isHotmailComplaint(headers: ReadonlyMap<string, string>): boolean {
  return (
    /(?:^|[<\s])staff@hotmail\.com\b/i.test(headers.get('from') ?? '') &&
    /^complaint about message from /i.test(headers.get('subject') ?? '')
  );
}

function isFromServer(headers: ReadonlyMap<string, string>): boolean {
  if (headers.has('x-failed-recipients')) return true;
  return /(?:^|[<\s"])(?:mailer-daemon|postmaster|mail-daemon|maildaemon)@?|mail delivery (?:sub)?system/i.test(
    headers.get('from') ?? '',
  );
}

/** RFC 3834 §5, and what answering machines did before it. */
function isAutomatic(headers: ReadonlyMap<string, string>): boolean {
  const submitted = headers.get('auto-submitted');
  if (submitted !== undefined && !/^no\b/i.test(submitted)) return true;
  if (/^(?:auto_reply|auto-reply|junk)\b/i.test(headers.get('precedence') ?? '')) return true;
  return ['x-autoreply', 'x-autorespond', 'x-auto-response', 'x-autogenerated'].some((name) => headers.has(name));
}

const vacation =
  /^(?:auto(?:matic)?[ -]?(?:reply|response)|auto:|out of (?:the )?office|away from|автоответ|автоматический ответ|պատասխան|ავტომატური პასუხი|پاسخ خودکار|otomatik yan[ıi]t|avtomatik cavab|réponse automatique|abwesenheits?)/i;

/** In the bytes as they are, across soft line breaks, and in what was encoded. */
function tokensOf(raw: Buffer, mail: ParsedMail): ArrivalTrace['tokens'] {
  const text = raw.toString('latin1');
  const parts = mail.attachments.map(({ content }) => content.toString('latin1'));
  const all = [text, text.replace(/=\r?\n/g, ''), mail.text ?? '', ...parts].flatMap(findTokens);
  return [...new Map(all.map((token) => [JSON.stringify(token), token])).values()].slice(0, 20);
}

function unreadable(reason: string): Arrival {
  return { kind: 'unreadable', reason };
}
