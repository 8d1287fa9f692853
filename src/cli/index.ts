export { runCli } from './cli.ts';
export { compileLightly } from './light-compiler.ts';
export { keepHeapSmall } from './small-heap.ts';
