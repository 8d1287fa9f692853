import { compileLightly, keepHeapSmall, runCli } from './cli/index.ts';

const words = process.argv.slice(2);
// Before anything large is loaded: who builds has much that is short-lived, and a list of a million readers needs no more
// room than a short one.
if (['build', 'subscribers'].includes(words[0] ?? '')) keepHeapSmall();
if (words[0] === 'build') compileLightly();
process.exitCode = await runCli(words, process.env);
