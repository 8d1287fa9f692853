import type { Delivery, DeliveryReason, Phase, ReplyClass } from '../../../delivery/index.ts';

/** What became of a reader's delivery, in a few words. */
export function outcomeText({ state, outcome }: Pick<Delivery, 'state' | 'outcome'>): string {
  if (state !== 'sent') return stateTexts[state];
  if (outcome === 'bounced') return 'Came back';
  return outcome === 'complained' ? 'Sent; the reader complained' : stateTexts.sent;
}

/** Whether that is as it should be, may still become so, or not. */
export function outcomeTone({
  state,
  outcome,
}: Pick<Delivery, 'state' | 'outcome'>): 'good' | 'waiting' | 'bad' | 'aside' {
  if (state === 'sent') return outcome === 'bounced' || outcome === 'complained' ? 'bad' : 'good';
  if (state === 'failed' || state === 'in_doubt') return 'bad';
  return state === 'excluded' || state === 'cancelled' ? 'aside' : 'waiting';
}

const stateTexts: Readonly<Record<Delivery['state'], string>> = {
  excluded: 'Left out',
  queued: 'Waiting',
  claimed: 'Waiting; a worker has it',
  attempting: 'Under way',
  sent: 'Sent',
  deferred: 'Put off',
  failed: 'Failed',
  in_doubt: 'In doubt',
  cancelled: 'Called off',
};

/** Why a delivery is in its state. */
export const reasonTexts: Readonly<Record<DeliveryReason, string>> = {
  nothing_for_reader: 'nothing in it was for this reader',
  suppressed: 'the address is suppressed',
  suspended: 'the reader is suspended after bounces',
  reserved_domain: 'the domain is reserved for examples and tests',
  already_received: 'the address gets it already, as another reader',
  reader_left: 'the reader had left',
  reader_paused: 'the reader had paused',
  erased: 'the reader was erased',
  edition_cancelled: 'the edition was called off',
  article_withdrawn: 'an article in it was withdrawn',
  rejected: 'the relay refused it for good',
  expired: 'the edition’s time was over first',
  no_answer: 'the relay never answered the end of the message',
  worker_gone: 'the process that was sending it ended',
  domain_closed: 'its domain refuses the sender for now',
};

/** What the relay's answer, or a report, says about whom. */
export const classTexts: Readonly<Record<ReplyClass, string>> = {
  accepted: 'taken',
  address_gone: 'there is no such address',
  slowly_gone: 'the mailbox or its domain is out of order',
  soft: 'a fault that passes, such as a full mailbox',
  refused: 'refused without a word that says why',
  this_message: 'about this message: too long, or not readable there',
  our_protocol: 'about us: the relay doesn’t understand us',
  our_reputation: 'about us: policy, spam or a blocklist',
  slow_down: 'too much at once',
};

const phaseTexts: Readonly<Record<Phase, string>> = {
  connect: 'while connecting',
  greeting: 'before the relay’s greeting',
  ehlo: 'after our greeting',
  starttls: 'while the connection was being encrypted',
  auth: 'while signing in to the relay',
  mail: 'after the sender was named',
  rcpt: 'after the reader was named',
  data: 'when the relay was asked to take the message',
  content: 'while the message was being written',
  final_dot: 'after the whole message was written',
};

/** How far the dialogue with the relay came. */
export function phaseText(phase: Phase | null): string {
  return phase === null ? 'after the relay had asked for the message' : phaseTexts[phase];
}
