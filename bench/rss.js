// Preloaded into a measured process: prints its peak resident memory on exit.
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) process.on('exit', () => writeSync(2, `\npeak-kilobytes ${process.resourceUsage().maxRSS}\n`));
