import { parseReportFields, typedAddress } from './report-fields.ts';

/** What a feedback report is about (RFC 5965 §7.3, RFC 6591, RFC 6430). */
export interface FeedbackReport {
  readonly type: 'complaint' | 'not_spam' | 'opt_out' | 'notice';
  /** The reader's, where it isn't blacked out. */
  readonly addresses: readonly string[];
}

const types: Readonly<Record<string, FeedbackReport['type']>> = {
  'not-spam': 'not_spam',
  'opt-out': 'opt_out',
  'opt-out-list': 'opt_out',
  'auth-failure': 'notice',
  dmarc: 'notice',
};

/** A `message/feedback-report`; null where it names no type. RFC 5965 §3.1: a type that isn't known is taken as abuse. */
export function parseFeedbackReport(text: string): FeedbackReport | null {
  const [fields] = parseReportFields(text);
  const word = fields?.get('feedback-type')?.toLowerCase();
  if (fields === undefined || word === undefined) return null;
  const address = typedAddress(fields.get('original-rcpt-to')) ?? typedAddress(fields.get('removal-recipient'));
  return {
    type: (Object.hasOwn(types, word) ? types[word] : undefined) ?? 'complaint',
    addresses: address === null ? [] : [address],
  };
}
