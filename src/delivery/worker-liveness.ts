import { type Instant, toMs } from '../clock.ts';
import type { WorkerRecord } from './delivery-ledger.ts';

/** The process that asks. */
export interface OwnProcess {
  readonly host: string;
  readonly pid: number;
  readonly startedAt: Instant;
  /** Whether a process of this machine lives. */
  readonly isAlive: (pid: number) => boolean;
}

/** A worker that says nothing for so long isn't counted on any more, though its leases still hold. */
const silentMs = 30_000;

/**
 * Whether a worker's process is gone for sure: on this machine, and its pid is nobody's. Our own pid with a start
 * before ours was a process before us (in a container everybody is pid 1).
 */
export function isWorkerDead(worker: WorkerRecord, own: OwnProcess): boolean {
  if (worker.host !== own.host) return false;
  if (worker.pid === own.pid) return worker.startedAt < own.startedAt;
  return !own.isAlive(worker.pid);
}

/** Whether a worker can be relied on to do what is due. */
export function isWorkerLive(worker: WorkerRecord, own: OwnProcess, now: Instant): boolean {
  return !isWorkerDead(worker, own) && toMs(now) - toMs(worker.heartbeatAt) < silentMs;
}

/** `process.kill(pid, 0)`, where EPERM means that it lives and belongs to someone else. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
