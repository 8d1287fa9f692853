import { createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fixtureTokens } from './bounce-mail.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/relay-tls/${name}`, import.meta.url), 'utf8');

/** Any certificate will do as Amazon's; tests hand it out themselves. */
export const snsCertificate = fixture('cert.pem');

export const topicArn = 'arn:aws:sns:eu-west-1:123456789012:bounces';

/** What SES publishes, in the notification that it travels in. */
export function sesNotification(event: object, changes: Record<string, string> = {}): string {
  const mail = {
    messageId: '0102018d-ses',
    headers: [{ name: 'Message-ID', value: `<${fixtureTokens.message}@dispatch.example>` }],
  };
  return snsMessage({ Message: JSON.stringify({ mail, ...event }), ...changes });
}

/** A signed message of SNS. */
export function snsMessage(changes: Record<string, string> = {}): string {
  const fields: Record<string, string> = {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: topicArn,
    Message: 'Hello',
    Timestamp: '2026-11-27T03:00:00.000Z',
    SignatureVersion: '2',
    SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem',
    ...changes,
  };
  const names =
    fields['Type'] === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = names.flatMap((name) => (fields[name] === undefined ? [] : [`${name}\n${fields[name]}\n`])).join('');
  const algorithm = fields['SignatureVersion'] === '1' ? 'sha1' : 'sha256';
  const signature = createSign(algorithm).update(text).sign(fixture('key.pem'), 'base64');
  return JSON.stringify({ ...fields, Signature: changes['Signature'] ?? signature });
}
