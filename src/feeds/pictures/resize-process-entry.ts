import { sentenceOf } from '../../errors.ts';
import type { ResizeAnswer, ResizeOrder } from './resize-process.ts';

const answer = (message: ResizeAnswer): void => void process.send?.(message);

// Ctrl-C goes to every process of a terminal; whoever gave the order ends this one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

process.on('message', async ({ number, source, type, folder }: ResizeOrder) => {
  const resizer = await import('./resize-picture.ts').catch((error: unknown) => {
    // No binary for this machine.
    answer({ number, kind: 'unavailable', message: firstLine(error) });
    return null;
  });
  if (resizer === null) return;
  try {
    answer({ number, kind: 'resized', sizes: await resizer.resizePicture(source, type, folder) });
  } catch (error) {
    const isDisk = error instanceof Error && 'code' in error && 'syscall' in error;
    answer({ number, kind: isDisk ? 'failed' : 'refused', message: firstLine(error) });
  }
});

function firstLine(error: unknown): string {
  return sentenceOf(error).split('\n')[0] ?? '';
}
