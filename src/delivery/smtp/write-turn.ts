/**
 * Lets what all connections have to write in a turn of the event loop go out at its end, one right after the other. A
 * relay nearby that has nothing to do sleeps until a write wakes it, which costs the writer more than the write does;
 * while it takes the first of these it finds the others.
 */
export class WriteTurn {
  readonly #writes: (() => void)[] = [];
  #isUnderWay = false;

  /** Calls `write` at the end of this turn; at once where that is what is going on. */
  add(write: () => void): void {
    if (this.#isUnderWay) write();
    else if (this.#writes.push(write) === 1) setImmediate(this.#run);
  }

  readonly #run = (): void => {
    this.#isUnderWay = true;
    try {
      for (const write of this.#writes.splice(0)) write();
    } finally {
      this.#isUnderWay = false;
    }
  };
}
