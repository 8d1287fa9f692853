import { eraseDeed } from './erase-deed.ts';
import { linkDeed } from './link-deed.ts';
import type { ReaderDeed } from './reader-deed.ts';
import { leaveDeed, pauseDeed, resumeDeed } from './subscription-deeds.ts';
import { liftDeed, readmitDeed, suppressDeed } from './suppression-deeds.ts';

/** Everything that can be done to one reader, in the order in which their page offers it. */
export const readerDeeds: readonly ReaderDeed[] = [
  linkDeed,
  pauseDeed,
  resumeDeed,
  leaveDeed,
  readmitDeed,
  suppressDeed,
  liftDeed,
  eraseDeed,
];
