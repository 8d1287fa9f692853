import { setFlagsFromString } from 'node:v8';

/** CPU of all threads, ms. A build of ten thousand articles ends before; one of a hundred thousand takes three times as much. */
const lightCpuMs = 5000;
const lookEveryMs = 250;

/**
 * Has V8 compile with its fast optimising compiler alone at first: in a run of seconds the thorough one takes more than it
 * gives, and takes it from threads that are all busy.
 */
export function compileLightly(): void {
  setFlagsFromString('--no-turbofan');
  // What is compiled meanwhile goes on counting how often it runs.
  setFlagsFromString('--force-emit-interrupt-budget-checks');
  const looking = setInterval(() => {
    const { user, system } = process.cpuUsage();
    if ((user + system) / 1000 < lightCpuMs) return;
    setFlagsFromString('--turbofan');
    clearInterval(looking);
  }, lookEveryMs).unref();
}
