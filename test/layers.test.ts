import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The rows of the table in src/README.md under "Layers", from the ground up. */
const layers = readFileSync('src/README.md', 'utf8')
  .split('## Layers')[1]!
  .split('##')[0]!
  .split('\n')
  .filter((line) => line.startsWith('|') && line.includes('`'))
  .map((line) => {
    const [, name, files, node] = line.split('|').map((cell) => cell.trim());
    return { name: name!, entries: [...files!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!), node: node === 'yes' };
  });

const files = ['src', 'rules'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((name) => name.endsWith('.ts')),
);
const layerOf = (file: string) =>
  layers.findIndex(({ entries }) => entries.some((entry) => (entry.endsWith('/') ? file.startsWith(entry) : file === entry)));
/** In scan/ only these two may know that there are threads. */
const NEUTRAL_WITHIN = (file: string) =>
  file.startsWith('src/scan/') && !['src/scan/pool.ts', 'src/scan/worker.ts', 'src/scan/parse.ts'].includes(file);

it('reads the table', () => expect(layers.length).toBeGreaterThan(8));

describe.each(files)('%s', (file) => {
  const source = readFileSync(file, 'utf8');
  const imports = [...source.matchAll(/(?:from|import) '([^']+)'/g), ...source.matchAll(/import\('([^']+)'\)/g)].map((match) => match[1]!);

  it('has a place in the table', () => expect(layerOf(file)).toBeGreaterThanOrEqual(0));

  it('imports only from layers above its own, or its own folder', () => {
    for (const specifier of imports.filter((name) => name.startsWith('.'))) {
      const target = posix.normalize(posix.join(posix.dirname(file), specifier));
      if (file.startsWith('rules/') && file !== 'rules/index.ts') expect(target).toBe('src/kit.ts');
      const sameFolder = posix.dirname(file) === posix.dirname(target) && posix.dirname(file) !== 'src';
      const fromIndex = file === 'rules/index.ts' && target.startsWith('rules/');
      expect(sameFolder || fromIndex || layerOf(target) < layerOf(file), `${file} imports ${target}`).toBe(true);
    }
  });

  it('runs in a browser unless its layer may not', () => {
    const layer = layers[layerOf(file)]!;
    if (layer.node && !NEUTRAL_WITHIN(file)) return;
    expect(imports.filter((name) => name.startsWith('node:'))).toEqual([]);
    expect(/\b(process|Buffer|require|__dirname)\b[.(]/.test(source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')), 'uses a Node global').toBe(
      false,
    );
  });

  it('never imports the root of natural', () => expect(imports).not.toContain('natural'));
});
