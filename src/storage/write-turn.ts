/** Whose turn it is, and who waits for it: three numbers that two threads share. */
const turnAt = 0;
const free = 0;
const threads = 2;

/** The two that write: the connection of the main thread, and that of the ledger's thread. */
export type Writer = 1 | 2;

/**
 * Lets two connections of one process write to one database in turn. SQLite would have whoever comes second sleep and try
 * again, longer each time: with another that writes all the time it may sleep for seconds, and the main thread answers
 * nobody meanwhile. Here the turn is handed over to whoever waits, so that each waits for one transaction of the other.
 *
 * Other processes are waited for as SQLite does.
 */
export class WriteTurn {
  readonly #numbers: Int32Array<SharedArrayBuffer>;
  readonly #own: Writer;
  readonly #other: Writer;
  /** How often this one has begun to wait for the turn or passed it: the same as long as it writes nothing. */
  turned = 0;

  /** @param shared as the other one's `shared`; left out by the first. */
  constructor(own: Writer, shared: SharedArrayBuffer = new SharedArrayBuffer(4 * (1 + threads))) {
    this.#numbers = new Int32Array(shared);
    this.#own = own;
    this.#other = own === 1 ? 2 : 1;
  }

  get shared(): SharedArrayBuffer {
    return this.#numbers.buffer;
  }

  /** Waits for the turn while other work of this thread goes on. */
  async take(): Promise<void> {
    this.turned += 1;
    if (this.#ask() === free) return;
    Atomics.store(this.#numbers, this.#own, 1);
    for (let holder = this.#ask(); holder !== free && holder !== this.#own; holder = this.#ask()) {
      const waiting = Atomics.waitAsync(this.#numbers, turnAt, holder);
      if (waiting.async) await waiting.value;
    }
    Atomics.store(this.#numbers, this.#own, 0);
  }

  /** Hands it to the other one if that waits. */
  pass(): void {
    this.turned += 1;
    const next = Atomics.load(this.#numbers, this.#other) === 1 ? this.#other : free;
    Atomics.store(this.#numbers, turnAt, next);
    Atomics.notify(this.#numbers, turnAt);
  }

  /** For the other one, whose thread has ended while it may have had the turn. */
  passFor(dead: Writer): void {
    Atomics.store(this.#numbers, dead, 0);
    if (Atomics.compareExchange(this.#numbers, turnAt, dead, free) === dead) Atomics.notify(this.#numbers, turnAt);
  }

  /** Who has the turn: it is taken where nobody has. */
  #ask(): number {
    return Atomics.compareExchange(this.#numbers, turnAt, free, this.#own);
  }
}
