import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { ownModule } from '../../own-files.ts';
import type { SizedFile } from './resize-picture.ts';

/** One picture to be made smaller. */
export interface ResizeTask {
  /** Absolute path of the original. */
  readonly source: string;
  /** Its media type, by its bytes. */
  readonly type: string;
  /** Absolute path of the folder for what is made. */
  readonly folder: string;
}

/** What the process is asked. */
export interface ResizeOrder extends ResizeTask {
  readonly number: number;
}

/** What becomes of an order. */
export type Resized =
  | { readonly kind: 'resized'; readonly sizes: readonly SizedFile[] }
  /** The picture is at fault. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The process died, perhaps of it, or took too long, or the folder can't be written. */
  | { readonly kind: 'failed'; readonly message: string }
  /** Pictures can't be resized on this machine. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** What the process answers. */
export type ResizeAnswer = Resized & { readonly number: number };

/** Makes the sizes of one picture at a time. */
export interface Resizer {
  resize(task: ResizeTask): Promise<Resized>;
  /** Ends the process, whatever it does; the next order starts another. */
  close(): void;
}

const longestMs = 180_000;
/** Behind whoever serves. */
const niceness = 10;

const entry = ownModule('feeds/pictures/resize-process-entry');

/**
 * A process of its own: a picture that its decoder can't stand ends that process alone, its memory goes when there is
 * nothing more to do, and it gives way to the one that serves.
 *
 * @param program A module that takes orders and answers; default: the one that resizes.
 */
export function createResizer(program: URL | string = entry): Resizer {
  let child: ChildProcess | null = null;
  let orders = 0;

  function open(): ChildProcess {
    const opened = fork(program, [], {
      execArgv: [],
      env: environmentWithoutSecrets(),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    try {
      if (opened.pid !== undefined) setPriority(opened.pid, niceness);
    } catch {
      // It has ended already, or the system doesn't let us: then it runs as everything does.
    }
    // Whatever becomes of it while it has nothing to do shows with the next order.
    return opened.on('error', () => undefined);
  }

  return {
    resize(task) {
      orders += 1;
      const number = orders;
      // One that died since its last answer would never say so.
      const worker = child?.connected ? child : open();
      child = worker;
      return new Promise((resolve) => {
        const finish = (resized: Resized): void => {
          clearTimeout(timer);
          worker.off('message', onMessage).off('exit', onExit).off('error', onError);
          resolve(resized);
        };
        const onMessage = (answer: unknown): void => {
          if (isAnswer(answer) && answer.number === number) finish(answer);
        };
        const forget = (): void => {
          if (child === worker) child = null;
        };
        const onExit = (code: number | null, signal: string | null): void => {
          forget();
          finish({ kind: 'failed', message: `the program that resizes it ended with ${signal ?? code}` });
        };
        const onError = (error: Error): void => {
          forget();
          finish({ kind: 'unavailable', message: error.message });
        };
        const timer = setTimeout(() => worker.kill('SIGKILL'), longestMs);
        worker.on('message', onMessage).on('exit', onExit).on('error', onError);
        // An order that can't be given any more: the exit is on its way.
        worker.send({ ...task, number } satisfies ResizeOrder, () => undefined);
      });
    },
    close() {
      child?.kill('SIGKILL');
      child = null;
    },
  };
}

/** A decoder at work on somebody's file needs none of them. */
function environmentWithoutSecrets(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SILKPOST_')));
}

/** Our own process wrote it: its number tells an answer from whatever else comes. */
function isAnswer(message: unknown): message is ResizeAnswer {
  return typeof message === 'object' && message !== null && 'number' in message && 'kind' in message;
}
