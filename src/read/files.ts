import { open, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { gunzip } from './gunzip.ts';
import { delimiterOf, HEAD_BYTES, isGzip, type Kind, kindOf, type TableKind } from './kind.ts';
import { codeOf, damagedGzip, directory, type FileProblem, refused, STDIN, unmatched, unsuitable, wrongKind } from './problems.ts';

/**
 * The files that paths and globs name, each once: in the order given, those of
 * one glob by code unit. "-" (standard input) and paths stay as they are.
 *
 * @param cwd where relative ones are looked up. Default: the working directory
 * @throws UserError naming all globs that match nothing. A path that does not exist is told by `peek`
 */
export async function expandInputs(patterns: readonly string[], cwd?: string): Promise<string[]> {
  const files = new Map<string, string>();
  const add = (path: string): void => {
    const file = path === STDIN || cwd === undefined || isAbsolute(path) ? path : join(cwd, path);
    const key = file === STDIN ? file : resolve(file);
    if (!files.has(key)) files.set(key, file);
  };
  const empty: string[] = [];
  for (const pattern of patterns) {
    if (pattern === STDIN || !isDynamicPattern(pattern) || (await exists(cwd === undefined ? pattern : resolve(cwd, pattern)))) {
      add(pattern);
      continue;
    }
    const found = await glob(pattern, { cwd: cwd ?? process.cwd(), absolute: isAbsolute(pattern), expandDirectories: false });
    if (found.length === 0) empty.push(pattern);
    found.toSorted().forEach(add);
  }
  if (empty.length > 0) throw unmatched(empty);
  return [...files.values()];
}

/**
 * Looks at the first bytes of every file, so that a run does not end after an
 * hour over a file that never was data. Standard input and pipes cannot be
 * looked at twice; `read` judges them when it comes to them.
 *
 * @throws UserError with the problems of all files at once
 */
export async function peek(files: readonly string[]): Promise<void> {
  const problems: FileProblem[] = [];
  for (const file of files) {
    if (file === STDIN) continue;
    const problem = await problemOf(file);
    if (problem) problems.push(problem);
  }
  if (problems.length > 0) throw unsuitable(problems, files.length);
}

/** Bytes on disk, of compressed files the compressed ones; `undefined` where standard input or a pipe is among the files. */
export async function totalBytes(files: readonly string[]): Promise<number | undefined> {
  let total = 0;
  for (const file of files) {
    const stats = file === STDIN ? undefined : await stat(file).catch(() => undefined);
    if (!stats?.isFile()) return undefined;
    total += stats.size;
  }
  return total;
}

async function problemOf(file: string): Promise<FileProblem | undefined> {
  try {
    const stats = await stat(file);
    if (stats.isDirectory()) return directory(file);
    if (!stats.isFile()) return undefined;
    const { head, whole } = await headOf(file);
    if (!isGzip(head)) return await contentProblem(file, head, whole, false);
    const inside = await unpackedHead(head, whole);
    if (inside.damage !== undefined && inside.head.length === 0) return damagedGzip(file, inside.damage, 0);
    return await contentProblem(file, inside.head, inside.whole, true);
  } catch (error) {
    const problem = refused(file, error);
    if (!problem) throw error;
    return problem;
  }
}

/** What keeps a file from being read whose unpacked bytes begin so. */
async function contentProblem(file: string, head: Uint8Array, whole: boolean, gzipped: boolean): Promise<FileProblem | undefined> {
  const kind = kindOf(head, whole);
  if (kind === 'parquet' && !gzipped) return (await import('./parquet.ts')).parquetProblem(file);
  const delimiter = delimiterOf(file, head, kind);
  if (!delimiter) return kind && wrongKind(file, kind as Exclude<Kind, TableKind>, gzipped);
  const header = (await import('./cut-table.ts')).headerIn(head, delimiter, whole);
  return header && 'problem' in header ? { file, problem: header.problem } : undefined;
}

async function headOf(file: string): Promise<{ head: Uint8Array; whole: boolean }> {
  const handle = await open(file);
  try {
    const head = new Uint8Array(HEAD_BYTES + 1); // one more, to know whether that was all
    let size = 0;
    for (;;) {
      const { bytesRead } = await handle.read(head, size, head.length - size, size);
      size += bytesRead;
      if (bytesRead === 0 || size === head.length) break;
    }
    return { head: head.subarray(0, Math.min(size, HEAD_BYTES)), whole: size <= HEAD_BYTES };
  } finally {
    await handle.close();
  }
}

/** What the first bytes of a gzip file unpack to. Where they are not the whole file, that they break off is no damage. */
async function unpackedHead(
  packed: Uint8Array,
  whole: boolean,
): Promise<{ head: Uint8Array; whole: boolean; damage?: string | undefined }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let damage: string | undefined;
  let ended = true;
  try {
    for await (const part of gunzip([packed])) {
      parts.push(part);
      size += part.length;
      if (size <= HEAD_BYTES) continue;
      ended = false;
      break;
    }
  } catch (error) {
    const code = codeOf(error);
    if (!code?.startsWith('Z_')) throw error;
    ended = false;
    if (whole || code !== 'Z_BUF_ERROR') damage = code;
  }
  return { head: Buffer.concat(parts).subarray(0, HEAD_BYTES), whole: ended && whole, damage };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
