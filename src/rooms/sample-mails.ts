import { composeTestMessage, sendOne, type Transport } from '../delivery/index.ts';
import type { Variant } from '../digest/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { MailOptions } from './mail-options.ts';

export interface SampleMailParts {
  readonly mailOptions: MailOptions;
  readonly transport: Transport;
  readonly log: Log;
}

/** Copies of an edition that are no reader's. */
export interface SampleMails {
  /** Sends one copy to an address; no reader's delivery changes. */
  sendTest(newsletter: string, variant: Variant, address: string): Promise<void>;
  /** A message as the sample reader of a preview would get it: unsigned where the keys aren't on this machine. */
  previewMessage(newsletter: string, variant: Variant): Promise<Buffer>;
}

export function createSampleMails({ mailOptions, transport, log }: SampleMailParts): SampleMails {
  return {
    async sendTest(newsletter, variant, address) {
      const attempt = await composeTestMessage(mailOptions, { newsletter, editionId: 'test', variant, address });
      const result = await sendOne(transport, attempt);
      if (result.kind === 'sent') return;
      const said = ('reply' in result && result.reply) || result.kind;
      throw new AppError('unavailable', `The copy to ${address} was not sent: ${said.replace(/\.$/, '')}.`);
    },
    async previewMessage(newsletter, variant) {
      const address = 'reader@example.com';
      const signer = await mailOptions.signer().catch((error: unknown) => {
        log.warn('problem', { message: `${sentenceOf(error)} The preview has no signature.` });
        return null;
      });
      const options = { ...mailOptions, signer: async () => signer };
      const attempt = await composeTestMessage(options, { newsletter, editionId: 'preview', variant, address });
      return Buffer.concat(await attempt.message());
    },
  };
}
