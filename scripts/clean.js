// The first step of the build: what is left in dist/ of files that are gone would else be published.
import { rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
