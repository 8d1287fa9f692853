import { setFlagsFromString } from 'node:v8';

/** A build of ten thousand articles ends before; one of a hundred thousand takes five times as long. */
const lightMs = 3000;

/**
 * Has V8 compile with its fast optimising compiler alone at first: in a run of seconds the thorough one takes more than it
 * gives, and takes it from threads that are all busy.
 */
export function compileLightly(): void {
  setFlagsFromString('--no-turbofan');
  // What is compiled meanwhile goes on counting how often it runs.
  setFlagsFromString('--force-emit-interrupt-budget-checks');
  setTimeout(() => setFlagsFromString('--turbofan'), lightMs).unref();
}
