import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeOf } from './problems.ts';

/** The optional packages that Parquet takes. */
export type Peer = 'hyparquet' | 'hyparquet-compressors';

/**
 * Imports an optional package: as installed beside lopsided, else as installed in the working directory, where it is sought if lopsided itself is
 * installed globally or run by npx. `undefined` where it is in neither.
 *
 * @throws what importing it throws, where it is installed but does not load
 */
export async function importPeer(name: Peer): Promise<unknown> {
  try {
    return await import(name);
  } catch (error) {
    if (!isMissing(error, name)) throw error;
  }
  let path: string;
  try {
    path = createRequire(join(process.cwd(), 'lopsided.js')).resolve(name);
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    return undefined;
  }
  return import(pathToFileURL(path).href);
}

/** Whether it is this package that is not there, and not one that it needs. */
function isMissing(error: unknown, name: Peer): boolean {
  const code = codeOf(error);
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && error instanceof Error && error.message.includes(`'${name}'`);
}
