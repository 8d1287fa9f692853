import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 compile with its fast optimising compiler alone from now on: in a run of seconds the thorough one takes more than
 * it gives, and takes it from threads that are all busy.
 */
export function compileLightly(): void {
  setFlagsFromString('--no-turbofan');
}
