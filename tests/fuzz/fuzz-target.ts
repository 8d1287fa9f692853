import fc from 'fast-check';

/** Something that takes what comes from outside. */
export interface FuzzTarget<Input> {
  readonly name: string;
  readonly input: fc.Arbitrary<Input>;
  /** Takes one input; may throw what `isRefusal` takes for an answer. */
  run(input: Input): unknown;
  /** Throws where what `run` gave breaks a promise. */
  judge?(result: unknown, input: Input): void;
  /** Whether an error is a sentence for people and no fault; default: none is. */
  isRefusal?(error: unknown): boolean;
  /** No input may take longer, in milliseconds of the processor; default: 50. */
  readonly slowestMs?: number;
}

/** What went wrong with an input. */
export interface FuzzFinding {
  readonly target: string;
  /** The smallest input that was found to do it. */
  readonly input: string;
  readonly message: string;
}

export interface FuzzRound {
  readonly cases: number;
  readonly findings: readonly FuzzFinding[];
}

/** A target whose inputs nobody else needs to know. */
export interface Fuzzer {
  readonly name: string;
  /**
   * Tries `cases` inputs that follow from the seed.
   *
   * @param patience Times that an input may take its time, on a machine that does other things too; default: 1.
   */
  fuzz(seed: number, cases: number, patience?: number): Promise<FuzzRound>;
}

const shownLength = 400;

export function createFuzzer<Input>(target: FuzzTarget<Input>): Fuzzer {
  return { name: target.name, fuzz: (seed, cases, patience = 1) => fuzz(target, seed, cases, patience) };
}

async function fuzz<Input>(
  target: FuzzTarget<Input>,
  seed: number,
  cases: number,
  patience: number,
): Promise<FuzzRound> {
  const slowestMs = (target.slowestMs ?? 50) * patience;
  const property = fc.asyncProperty(target.input, async (input) => {
    // A collector at work isn't the parser's fault: slow is what is slow three times.
    let spent = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 3 && spent > slowestMs; attempt++) {
      spent = Math.min(spent, await tryOnce(target, input));
    }
    if (spent > slowestMs) throw new Error(`It takes ${Math.round(spent)} ms.`);
  });
  const { failed, numRuns, counterexample, errorInstance } = await fc.check(property, { seed, numRuns: cases });
  if (!failed) return { cases: numRuns, findings: [] };
  const input = JSON.stringify(counterexample?.[0]) ?? '';
  const message =
    errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  return { cases: numRuns, findings: [{ target: target.name, input: input.slice(0, shownLength), message }] };
}

/** @returns milliseconds of the processor. */
async function tryOnce<Input>(target: FuzzTarget<Input>, input: Input): Promise<number> {
  const before = process.cpuUsage();
  let result: unknown;
  try {
    result = await target.run(input);
  } catch (error) {
    if (target.isRefusal?.(error) !== true) throw error;
    return 0;
  }
  const { user, system } = process.cpuUsage(before);
  target.judge?.(result, input);
  return (user + system) / 1000;
}

/** Pieces put together, of which some come many times over: what looks back at each of them shows. */
export function textOf(pieces: readonly string[], maxLength: number): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...pieces) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
  );
  const run = fc.oneof(
    { weight: 6, arbitrary: piece },
    {
      weight: 1,
      arbitrary: fc.tuple(piece, fc.integer({ min: 2, max: 500 })).map(([one, times]) => one.repeat(times)),
    },
  );
  return fc.array(run, { maxLength: 24 }).map((runs) => runs.join('').slice(0, maxLength));
}
