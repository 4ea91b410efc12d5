import { createGunzip } from 'node:zlib';

const OUT = 1 << 18; // unpacking in steps of 256 KiB takes half the time of the default 16 KiB
const IN = 1 << 15; // gzip packs at most 1,032 to 1, so one step holds at most 34 MB, whatever the file claims to be

/**
 * Unpacks gzip. All that was packed before damage comes out before the error,
 * whatever the timing: a piped stream drops what nobody has read yet.
 *
 * @throws an Error with zlib's code: Z_BUF_ERROR where the file ends too early, Z_DATA_ERROR where it is damaged
 */
export async function* gunzip(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = createGunzip({ chunkSize: OUT });
  let parts: Uint8Array[] = [];
  let failure: Error | undefined;
  let settle: (() => void) | undefined;
  stream.on('data', (part: Uint8Array) => parts.push(part));
  stream.on('error', (error) => {
    failure ??= error;
    settle?.();
  });
  const taken = (): Uint8Array[] => {
    const all = parts;
    parts = [];
    return all;
  };
  try {
    for await (const chunk of chunks) {
      for (let start = 0; start < chunk.length; start += IN) {
        await new Promise<void>((resolve) => {
          settle = resolve;
          stream.write(chunk.subarray(start, start + IN), () => resolve());
        });
        yield* taken();
        if (failure) throw failure;
      }
    }
    await new Promise<void>((resolve) => {
      settle = resolve;
      stream.once('end', resolve);
      stream.end();
    });
    yield* taken();
    if (failure) throw failure;
  } finally {
    stream.destroy();
  }
}
