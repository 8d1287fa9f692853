import { Readable } from 'node:stream';
import type { SessionMessage } from '../relay/smtp-session.ts';

/** So much is handed over at a time: what waits for a slow relay isn't read to its end. */
const sliceBytes = 16 * 1024;

/** What a body asks and tells the connection that pulls it. */
interface BodyEvents {
  /** Whether the relay has asked for content. */
  readonly isInvited: () => boolean;
  readonly onUninvited: () => void;
  readonly onBegun: () => void;
  readonly onRefused: () => void;
}

/**
 * The body as nodemailer pulls it: it begins to read after the relay's 354 and never before, and `hasEnded` turns true
 * just before it writes the final dot.
 */
export class MessageBody extends Readable {
  readonly #message: SessionMessage;
  readonly #content: Buffer;
  readonly #events: BodyEvents;
  #state: 'unread' | 'asking' | 'begun' | 'refused' = 'unread';
  #position = 0;
  hasEnded = false;
  /** What `begin` rejected with. */
  failure: { readonly error: unknown } | null = null;

  constructor(message: SessionMessage, events: BodyEvents) {
    super({ highWaterMark: sliceBytes });
    this.#message = message;
    this.#content = Buffer.concat(message.content);
    this.#events = events;
    this.on('end', () => {
      this.hasEnded = true;
    });
  }

  get isAsking(): boolean {
    return this.#state === 'asking';
  }

  get hasBegun(): boolean {
    return this.#state === 'begun';
  }

  get isRefused(): boolean {
    return this.#state === 'refused';
  }

  override _read(): void {
    if (this.#state === 'unread') {
      if (!this.#events.isInvited()) {
        this.#events.onUninvited();
        return;
      }
      this.#state = 'asking';
      this.#message.begin().then(
        (allowed) => {
          if (!allowed) return this.#refuse();
          this.#state = 'begun';
          this.#events.onBegun();
          if (!this.destroyed) this.#pushSlice();
        },
        (error: unknown) => {
          this.failure = { error };
          this.#refuse();
        },
      );
    } else if (this.#state === 'begun') {
      this.#pushSlice();
    }
  }

  #refuse(): void {
    this.#state = 'refused';
    this.#events.onRefused();
  }

  #pushSlice(): void {
    const slice = this.#content.subarray(this.#position, this.#position + sliceBytes);
    this.#position += slice.length;
    this.push(slice.length > 0 ? slice : null);
  }
}
