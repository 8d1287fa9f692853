import { AppError } from '../../errors.ts';
import type { FeedDocument } from './feed-document.ts';
import type { Order } from './feed-order.ts';

/** Documents made on demand that are kept, and their bytes. */
const maxKept = 64;
const maxKeptBytes = 32 * 1024 * 1024;

/** Anybody may ask for ever new ones, so that few are made at once, and no more wait than can be made in seconds. */
const madeAtOnce = 2;
const maxWaiting = 100;

/** Documents that are made only when somebody asks for them; a bounded number is kept. */
export class OnDemandDocuments {
  readonly #make: (order: Order) => Promise<FeedDocument>;
  readonly #letGo: (document: FeedDocument) => void;
  /** By address and inputs, the least recently asked for first. */
  readonly #kept = new Map<string, FeedDocument>();
  #keptBytes = 0;
  readonly #making = new Map<string, Promise<FeedDocument>>();
  #busy = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param letGo is told of a document that isn't kept any longer: its bytes lie nowhere else. */
  constructor(make: (order: Order) => Promise<FeedDocument>, letGo: (document: FeedDocument) => void) {
    this.#make = make;
    this.#letGo = letGo;
  }

  /** Rejects with what `make` rejects with, or AppError `unavailable` where too many wait; nothing is kept then. */
  async get(order: Order): Promise<FeedDocument> {
    const key = `${order.feed.urls[order.format]} ${order.inputs}`;
    const document = this.#kept.get(key) ?? (await this.#makeOnce(key, order));
    this.#keep(key, document);
    return document;
  }

  #keep(key: string, document: FeedDocument): void {
    if (!this.#kept.delete(key)) this.#keptBytes += document.size;
    this.#kept.set(key, document);
    for (const [oldest, old] of this.#kept) {
      if (old === document || (this.#kept.size <= maxKept && this.#keptBytes <= maxKeptBytes)) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= old.size;
      this.#letGo(old);
    }
  }

  /** Whoever asks while it is made gets the same. */
  #makeOnce(key: string, order: Order): Promise<FeedDocument> {
    const making = this.#making.get(key) ?? this.#inTurn(order).finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  async #inTurn(order: Order): Promise<FeedDocument> {
    if (this.#busy < madeAtOnce) this.#busy += 1;
    else await this.#turn();
    try {
      return await this.#make(order);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy -= 1;
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= maxWaiting) {
      throw new AppError('unavailable', 'Too many feeds are asked for at once that have to be made first.');
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
