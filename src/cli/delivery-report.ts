import type { Delivery } from '../delivery/index.ts';
import type { Edition } from '../digest/index.ts';

/** A delivery as `--json` and `--jsonl` print it. */
export function deliveryRow(delivery: Delivery, edition: Edition) {
  return {
    delivery: delivery.id,
    address: delivery.address,
    state: delivery.state,
    reason: delivery.reason,
    relay: edition.transport,
    phase: delivery.phase,
    reply: delivery.reply,
    class: delivery.replyClass,
    outcome: delivery.outcome,
    messageId: delivery.messageId,
    attempts: delivery.attempts,
    attemptedAt: delivery.attemptedAt,
    notBefore: delivery.notBefore,
    updatedAt: delivery.updatedAt,
  };
}

/** The same in a line for a person; of one in doubt everything that helps to find it in the relay's log. */
export function describeDelivery(delivery: Delivery, edition: Edition): string {
  const { id, address, state, reason, reply } = delivery;
  const about =
    state === 'in_doubt'
      ? `begun ${delivery.attemptedAt}, by ${edition.transport}, after ${phaseName(delivery)}, ${delivery.messageId}, ${reply}`
      : reason === 'domain_closed'
        ? `its domain refuses mail because of the sender; tried again from ${delivery.notBefore}`
        : (reason ?? outcomeName(delivery) ?? reply ?? '');
  return [id, address ?? '(erased)', state, about].join('  ').trimEnd();
}

/** What came back of a sent one, where it isn't the usual. */
function outcomeName({ outcome }: Delivery): string | null {
  return outcome === 'accepted' ? null : outcome;
}

function phaseName({ phase }: Delivery): string {
  return phase === null ? 'the relay asked for it' : phase.replace('_', ' ');
}
