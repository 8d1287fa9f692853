import { randomUUID } from 'node:crypto';
import type { Notice } from '../../operators/index.ts';
import { localized } from '../../site.ts';
import type { Attempt } from '../transport.ts';
import { findSigner, type MessageOptions, messageIdOf } from './compose-message.ts';
import { finishMessage } from './finish-message.ts';
import { renderHeaders } from './headers.ts';
import { encodeQuotedPrintable } from './quoted-printable.ts';

/** Operators read English, as the commands do. */
const lang = 'en';

/** A short plain mail that tells an operator of something; the same Message-ID at each try. */
export function composeNotice(
  options: Pick<MessageOptions, 'site' | 'from' | 'messageIdKey' | 'clock' | 'signer'>,
  notice: Notice,
  address: string,
): Attempt {
  const { site, from } = options;
  const messageId = messageIdOf(options, `notice ${notice.id}\n${address}`);
  const title = localized(site.title, lang, site);
  const paragraphs = [notice.sentence, notice.whatToDo, `${title}, ${notice.at}`];
  return {
    deliveryId: 0,
    token: randomUUID(),
    editionId: notice.editionId ?? '',
    newsletter: '',
    kind: 'notice',
    messageId,
    envelope: { from: from.address, to: address },
    message: async () => {
      const headers = renderHeaders({
        from,
        to: { name: null, address },
        subject: `[${title}] ${shortened(notice.sentence)}`,
        date: options.clock.now(),
        messageId,
        replyTo: null,
        lang,
        list: null,
      });
      const type = 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n';
      const body = paragraphs.map((text) => `${encodeQuotedPrintable(text)}\r\n`).join('\r\n');
      return finishMessage(await findSigner(options), headers + type, [Buffer.from(body)]);
    },
  };
}

/** What a list of mails shows: the whole stands in the text. */
const longestSubject = 100;

function shortened(sentence: string): string {
  if (sentence.length <= longestSubject) return sentence;
  const start = sentence.slice(0, longestSubject);
  const end = Math.max(start.lastIndexOf(': '), start.lastIndexOf('; '));
  return `${start.slice(0, end > 0 ? end : start.lastIndexOf(' '))} …`;
}
