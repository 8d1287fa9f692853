import type { Check, Finding } from '../operators/index.ts';

/** Makes the findings of one check. */
export function findingsOf(check: Check) {
  return {
    ok: (message: string): Finding => ({ check, level: 'ok', message, fix: null }),
    note: (message: string, fix: string | null = null): Finding => ({ check, level: 'note', message, fix }),
    warning: (message: string, fix: string): Finding => ({ check, level: 'warning', message, fix }),
    fault: (message: string, fix: string): Finding => ({ check, level: 'fault', message, fix }),
  };
}
