/** Aborts at the first SIGTERM or SIGINT (Ctrl-C), so that what is open can be finished; a second one ends the process. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => controller.abort(signal));
  return controller.signal;
}
