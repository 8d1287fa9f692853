import { createCrew } from '../../src/crew.ts';
import { crewMark, trialWork } from './trial-work.ts';

// A whole process: it has to end by itself.
const crew = createCrew({ work: trialWork, entry: new URL('./crew-thread.ts', import.meta.url), setup: crewMark });
const results = await crew.map(
  'square',
  Array.from({ length: 1000 }, (_, index) => index),
);
await crew.close();
process.stdout.write(`${results.at(-1)}\n`);
