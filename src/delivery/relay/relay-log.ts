/** What a relay's log says of a message. */
export interface RelayTrace {
  readonly messageId: string;
  /** `sent`: the relay took it, whatever became of it later. `failed`: it refused it. */
  readonly truth: 'sent' | 'failed';
  /** The line that says so, cut. */
  readonly line: string;
}

/** Reads a relay's log line by line, and keeps what it says of some messages only: memory doesn't grow with the log. */
export interface RelayLog {
  read(line: string): void;
  /** At most one for each Message-ID, the last; a refusal never wins over a line that shows the message taken. */
  traces(): RelayTrace[];
}

const longestLine = 400;
/** `postfix/cleanup[7]: 4XyZ: message-id=<…>`: the queue id that this try of the message got. */
const cleanup = /\bcleanup\[\d+\]: ([0-9A-Za-z]+): (?:resent-)?message-id=(<[^>\s]+>)/;
/** `postfix/qmgr[7]: 4XyZ: from=<…>, size=…, nrcpt=1 (queue active)`, or any line that tells what became of it. */
const taken =
  /\b(?:qmgr|smtp|lmtp|local|virtual|pipe|error|bounce)\[\d+\]: ([0-9A-Za-z]+): .*(?:\(queue active\)|\bstatus=\w+)/;
const gone = /\bqmgr\[\d+\]: ([0-9A-Za-z]+): removed/;
/** Amazon SES' events: Send, Delivery, DeliveryDelay, Bounce and Complaint show that it was taken. */
const sesTaken = /"(?:eventType|notificationType)"\s*:\s*"(?:Send|Delivery|DeliveryDelay|Bounce|Complaint|Open|Click)"/;
const sesRefused = /"(?:eventType|notificationType)"\s*:\s*"(?:Reject|Rendering Failure)"/;

/**
 * Postfix's log (also through syslog or journald) and Amazon SES' events, one JSON document a line. A Postfix log names the
 * Message-ID once, by `cleanup`, before the message is whole: only a later line of its queue id shows that it was taken.
 */
export function createRelayLog(messageIds: ReadonlySet<string>): RelayLog {
  const queueIds = new Map<string, string>();
  const found = new Map<string, RelayTrace>();

  function note(messageId: string, truth: RelayTrace['truth'], line: string): void {
    if (truth === 'failed' && found.has(messageId)) return;
    found.set(messageId, { messageId, truth, line: line.trim().slice(0, longestLine) });
  }

  function readSes(line: string): void {
    const truth = sesTaken.test(line) ? 'sent' : sesRefused.test(line) ? 'failed' : null;
    if (truth === null) return;
    // JSON may write the brackets as \u003c and \u003e.
    const plain = line.replace(/\\u003c/gi, '<').replace(/\\u003e/gi, '>');
    for (const [messageId] of plain.matchAll(/<[^<>\s"\\]+>/g)) {
      if (messageIds.has(messageId)) note(messageId, truth, line);
    }
  }

  return {
    read(line) {
      const named = cleanup.exec(line);
      const [, queueId = '', messageId = ''] = named ?? [];
      if (named) {
        // Short queue ids come again for other messages.
        if (messageIds.has(messageId)) queueIds.set(queueId, messageId);
        else queueIds.delete(queueId);
        return;
      }
      const ours = queueIds.get(taken.exec(line)?.[1] ?? '');
      if (ours !== undefined) note(ours, 'sent', line);
      const removed = gone.exec(line)?.[1];
      if (removed !== undefined) queueIds.delete(removed);
      else if (line.trimStart().startsWith('{')) readSes(line);
    },
    traces: () => [...found.values()],
  };
}
