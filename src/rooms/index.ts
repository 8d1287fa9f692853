export { type BounceRoom, createBounceRoom, withBounceRoom } from './bounce-room.ts';
export { createDoctorRoom, type DoctorRoom } from './doctor-room.ts';
export { createImportRoom, type ImportRoom } from './import-room.ts';
export { createLetterRoom, type LetterRoom } from './letter-room.ts';
export { createMailOptions } from './mail-options.ts';
export { createOperatorRoom, type OperatorRoom } from './operator-room.ts';
export { createPostRoom, type PostRoom } from './post-room.ts';
export type { PressProblem } from './press-problems.ts';
export { openPressRoom, type PressRoom, type Rebuilt } from './press-room.ts';
