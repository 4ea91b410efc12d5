import { UserError } from '../errors.ts';
import { count, quote } from '../wording.ts';
import type { Kind, TableKind } from './kind.ts';

/** A file that cannot be linted, and why. */
export interface FileProblem {
  readonly file: string;
  /** What it is, and what to do: a noun phrase without a final period. */
  readonly problem: string;
  /** Where it is the only problem: the whole message, without "Cannot read". @param file as it is printed */
  readonly alone?: (file: string) => string;
}

/** Standard input, as the command line names it. */
export const STDIN = '-';

const ROWS = 'expected JSONL (one JSON object per line)';

/** All files that cannot be read, in one error, so that nobody mends them one run at a time. */
export function unsuitable(problems: readonly FileProblem[], files = problems.length): UserError {
  const [first] = problems;
  if (problems.length === 1 && first?.alone) return new UserError(first.alone(named(first.file)));
  if (problems.length === 1 && first) return new UserError(`Cannot read ${named(first.file)}: ${first.problem}`);
  const lines = problems.map(({ file, problem }) => `  ${named(file)}: ${problem}`);
  const of = files > problems.length ? `${problems.length} of ${count(files, 'file')}` : count(problems.length, 'file');
  return new UserError(`Cannot read ${of}:\n${lines.join('\n')}`);
}

export function unmatched(patterns: readonly string[]): UserError {
  const which = patterns.length === 1 ? 'this pattern' : 'these patterns';
  return new UserError(`No file matches ${which}: ${patterns.map((pattern) => quote(pattern, 200)).join(', ')}`);
}

/** What Node calls an error of the system or of zlib: "ENOENT". */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What an error of the system means for a file; `undefined` where it is no such error, but ours. */
export function refused(file: string, error: unknown): FileProblem | undefined {
  const code = codeOf(error);
  if (code === 'EISDIR') return directory(file);
  if (code === undefined || !(Object.hasOwn(REFUSED, code) || /^E[A-Z\d]+$/.test(code))) return undefined;
  return { file, problem: REFUSED[code] ?? `the system refuses to read it (${code})` };
}

const REFUSED: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file, because a part of its path is no directory',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  ELOOP: 'a symbolic link that leads to itself',
  EMFILE: 'too many files are open',
  EIO: 'the disk reports an error',
  ENAMETOOLONG: 'the name is too long for a file',
  ERR_INVALID_ARG_VALUE: 'the name holds a NUL character, which no file has',
};

export function directory(file: string): FileProblem {
  let path = file;
  while (path.endsWith('/') || path.endsWith('\\')) path = path.slice(0, -1);
  return { file, problem: `a directory, expected a file; name the files in it, for example ${word(`${path}/*.jsonl`, true)}` };
}

/** A gzip file that ends early or holds bytes that its checksum denies. `bytes` is how much came out of it. */
export function damagedGzip(file: string, code: string, bytes: number): FileProblem {
  const how = code === 'Z_BUF_ERROR' ? 'a gzip file that ends too early' : 'a damaged gzip file';
  const read = bytes === 0 ? 'nothing in it could be read' : `only the first ${count(bytes, 'byte')} of its text could be read`;
  return { file, problem: `${how}: ${read}; fetch it again, or compress it again` };
}

/** @param kind no table: these are read; Parquet only where it is packed or comes through a pipe */
export function wrongKind(file: string, kind: Exclude<Kind, TableKind>, gzipped = false): FileProblem {
  return { file, problem: KINDS[kind](file, gzipped) };
}

/** How a command turns a file into JSONL. */
function convert(file: string, gzipped: boolean, command: string): string {
  if (file === STDIN) return `pipe it through this first: ${command}`;
  const stem = file.replace(/\.gz$/i, '').replace(/\.(?:json|jsonl|ndjson|txt)$/i, '');
  const target = stem === file.replace(/\.jsonl(?:\.gz)?$/i, '') && stem !== file ? `${stem}.rows.jsonl` : `${stem}.jsonl`;
  const line = gzipped ? `gzip -dc ${word(file)} | ${command}` : `${command} ${word(file)}`;
  return `convert it with: ${line} > ${word(target)}`;
}

function pandas(file: string, reader: string): string {
  const from = file === STDIN ? 'FILE' : file;
  const to = file === STDIN ? 'rows.jsonl' : file.replace(/\.[a-z]+(?:\.gz)?$/i, '').concat('.jsonl');
  return `python -c ${word(`import pandas; pandas.${reader}(${quote(from, 200)}).to_json(${quote(to, 200)}, orient="records", lines=True)`, true)}`;
}

const unpack = (file: string, tool: string): string =>
  file === STDIN ? `unpack it first with ${tool}` : `unpack it first with: ${tool} ${word(file)}`;

const KINDS: { readonly [kind in Exclude<Kind, TableKind>]: (file: string, gzipped: boolean) => string } = {
  empty: () => `nothing in it, ${ROWS}`,
  'git-lfs': () => 'a Git LFS pointer, not the data itself; fetch it with: git lfs pull',
  array: (file, gzipped) => `one JSON array, ${ROWS}; ${convert(file, gzipped, "jq -c '.[]'")}`,
  object: (file, gzipped) => `JSON spread over many lines, ${ROWS}; ${convert(file, gzipped, 'jq -c .')}`,
  python: () => `Python dicts, ${ROWS}; write each row with json.dumps(row) instead of str(row)`,
  markup: () => `a web page or XML, ${ROWS}; the download may have fetched a page about the file, or an error message, instead of the file`,
  'utf-16': (file, gzipped) => `text in UTF-16, expected UTF-8; ${convert(file, gzipped, 'iconv -f UTF-16 -t UTF-8')}`,
  gzip: () => 'compressed twice with gzip, expected once; unpack it once',
  zip: (file) => `a zip archive (or a spreadsheet), ${ROWS}; ${unpack(file, 'unzip')}`,
  zstd: (file) => `compressed with zstd, expected gzip or plain text; ${unpack(file, 'zstd -d')}`,
  bzip2: (file) => `compressed with bzip2, expected gzip or plain text; ${unpack(file, 'bunzip2')}`,
  xz: (file) => `compressed with xz, expected gzip or plain text; ${unpack(file, 'unxz')}`,
  tar: (file) => `a tar archive, ${ROWS}; ${unpack(file, 'tar -xf')}`,
  parquet: (file, gzipped) =>
    gzipped
      ? `a Parquet file packed with gzip, expected it bare; ${unpack(file, 'gunzip')}`
      : 'a Parquet file, which cannot be read from a pipe; name the file',
  arrow: (file) => `an Arrow file, ${ROWS}; convert it with: ${pandas(file, 'read_feather')}`,
};

/** A file name, fit to be printed. */
function named(file: string): string {
  if (file === STDIN) return 'standard input';
  return /\p{C}/u.test(file) ? quote(file, 200) : file;
}

/** A word of a shell command: in single quotes where it needs them. */
function word(text: string, always = false): string {
  return !always && /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
