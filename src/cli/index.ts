export { runCli } from './cli.ts';
export { keepHeapSmall } from './small-heap.ts';
