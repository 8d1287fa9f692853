import type { FeedDocument } from './feed-document.ts';
import type { Order } from './feed-order.ts';

/** Documents made on demand that are kept. */
const maxKept = 64;

/** Documents that are made only when somebody asks for them; a bounded number is kept. */
export class OnDemandDocuments {
  readonly #make: (order: Order) => Promise<FeedDocument>;
  readonly #letGo: (document: FeedDocument) => void;
  /** By address and inputs, the least recently asked for first. */
  readonly #kept = new Map<string, FeedDocument>();
  readonly #making = new Map<string, Promise<FeedDocument>>();

  /** @param letGo is told of a document that isn't kept any longer: its bytes lie nowhere else. */
  constructor(make: (order: Order) => Promise<FeedDocument>, letGo: (document: FeedDocument) => void) {
    this.#make = make;
    this.#letGo = letGo;
  }

  /** Rejects with what `make` rejects with; nothing is kept then. */
  async get(order: Order): Promise<FeedDocument> {
    const key = `${order.feed.urls[order.format]} ${order.inputs}`;
    const known = this.#kept.get(key);
    this.#kept.delete(key);
    const document = known ?? (await this.#makeOnce(key, order));
    this.#kept.set(key, document);
    const [oldest] = this.#kept;
    if (this.#kept.size > maxKept && oldest) {
      this.#kept.delete(oldest[0]);
      this.#letGo(oldest[1]);
    }
    return document;
  }

  /** Whoever asks while it is made gets the same. */
  #makeOnce(key: string, order: Order): Promise<FeedDocument> {
    const making = this.#making.get(key) ?? this.#make(order).finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }
}
