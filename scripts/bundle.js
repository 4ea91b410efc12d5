// The last step of the build: puts the few leaf modules of `natural` that we use into dist/src/natural.js, so that
// nobody who installs lopsided installs natural's 52 packages; and writes the JSON Schema of the report.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

await build({
  entryPoints: ['dist/src/natural.js'],
  outfile: 'dist/src/natural.js',
  allowOverwrite: true,
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2023',
  mainFields: ['main'],
  banner: { js: `/*! Contains parts of natural (https://github.com/NaturalNode/natural), licence in natural.LICENSE */` },
});
copyFileSync('node_modules/natural/LICENSE.txt', 'dist/src/natural.LICENSE');

const { reportSchema } = await import('../dist/src/report/schema.js');
writeFileSync('dist/report.schema.json', `${JSON.stringify(reportSchema, null, 2)}\n`);

const { version } = await import('../dist/src/version.js');
const packageVersion = JSON.parse(readFileSync('package.json', 'utf8')).version;
if (version !== packageVersion) throw new Error(`src/version.ts says ${version}, package.json ${packageVersion}: set both`);
