import { createHmac } from 'node:crypto';
import { type Clock, toMs } from '../clock.ts';
import { AppError, sentenceOf } from '../errors.ts';
import type { Notice } from './notice.ts';

export interface NoticeWebhook {
  /** Trusted, as everything in `silkpost.yaml`: it may be private. */
  readonly url: string;
  /** `SILKPOST_NOTIFY_SECRET`. */
  readonly secret: string;
}

const timeoutMs = 10_000;

/**
 * Posts a notice as JSON `{id, kind, edition, at, sentence, whatToDo, publication}`, signed:
 * `Silkpost-Signature: v1=HEX`, where HEX is HMAC-SHA256 under the secret over `TIMESTAMP.BODY`, and TIMESTAMP, in
 * `Silkpost-Timestamp`, is in seconds. Redirects are not followed.
 *
 * @throws AppError `unavailable` where the answer isn't 2xx.
 */
export async function postNotice(
  { url, secret }: NoticeWebhook,
  publication: string,
  notice: Notice,
  clock: Clock,
  stop: AbortSignal,
): Promise<void> {
  const { id, kind, editionId: edition, at, sentence, whatToDo } = notice;
  const body = JSON.stringify({ id, kind, edition, at, sentence, whatToDo, publication });
  const timestamp = String(Math.floor(toMs(clock.now()) / 1000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  let status: number;
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Silkpost',
        'silkpost-timestamp': timestamp,
        'silkpost-signature': `v1=${signature}`,
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]),
    });
    await answer.body?.cancel();
    status = answer.status;
  } catch (error) {
    const { cause } = error instanceof Error ? error : {};
    throw new AppError('unavailable', `the webhook can’t be reached: ${sentenceOf(cause ?? error)}`, { cause: error });
  }
  if (status < 200 || status > 299) throw new AppError('unavailable', `the webhook answers ${status}`);
}
