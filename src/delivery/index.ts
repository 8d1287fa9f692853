export type { CancellationReason, Delivery, DeliveryState, ExclusionReason } from './delivery.ts';
export { deliveryTransitions } from './delivery.ts';
export type * from './delivery-ledger.ts';
export type { Attempt, AttemptResult, DeliverySource, Transport } from './transport.ts';
export type { Relay } from './relay.ts';
