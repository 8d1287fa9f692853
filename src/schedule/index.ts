export { findAbsence } from './absent-worker.ts';
export { type Aftercare, createAftercare } from './aftercare.ts';
export type { BeatenBy } from './beat.ts';
export { type Cadence, parseCadence } from './cadence.ts';
export { findClosures } from './closures.ts';
export { type ComingEdition, listComingEditions } from './coming-editions.ts';
export { findNewDrafts } from './draft-notice.ts';
export type { ApprovalStatus } from './edition-approval.ts';
export { undoMs } from './edition-decisions.ts';
export type { EditionDesk } from './edition-desk.ts';
export { createEditionDesk } from './edition-desk.ts';
export type { PlannedEdition } from './edition-plan.ts';
export type { EditionPreflight, PreflightReport } from './edition-preflight.ts';
export type { EditionProof } from './edition-proofs.ts';
export type { CountedReaders, ReaderCount } from './edition-readers.ts';
export {
  describeCounts,
  describeState,
  explainHold,
  explainPause,
  explainWaiting,
  needsAttention,
  shareDone,
} from './edition-report.ts';
export type { GuardStore } from './guard-store.ts';
export { parseLocalTime } from './local-time.ts';
export { createPreflightRoom, type PreflightRoom, type PreflightStatus } from './preflight-room.ts';
export type { PreflightStore } from './preflight-store.ts';
export type { RestoreGuard, WitnessFile } from './restore-guard.ts';
export { createRestoreGuard } from './restore-guard.ts';
export type { RetentionStore } from './retention.ts';
export { createRetention } from './retention.ts';
export { seriesOf } from './rhythm.ts';
export { startScheduler } from './scheduler.ts';
export type { SuspicionReason } from './suspicion.ts';
export { findTroubles, findWaiting } from './troubles.ts';
export { createWithdrawals } from './withdrawals.ts';
