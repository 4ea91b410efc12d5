// The last step of the build: puts what we use of some libraries into the files of dist/src/libraries, so that nobody who
// installs lopsided installs the whole of them (natural alone brings 52 packages), with their licences; and writes the JSON
// Schema of the report.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const folder = 'dist/src/libraries';
const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
const { metafile } = await build({
  entryPoints: files.map((name) => `${folder}/${name}`),
  outdir: folder,
  allowOverwrite: true,
  bundle: true,
  metafile: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2023',
  mainFields: ['module', 'main'],
  conditions: ['import'],
  // secretlint looks at file names by this one function of node:path, and there are no files here
  plugins: [
    {
      name: 'without-node-path',
      setup(bundler) {
        bundler.onResolve({ filter: /^(?:node:)?path$/ }, ({ path }) => ({ path, namespace: 'path' }));
        bundler.onLoad({ filter: /.*/, namespace: 'path' }, () => ({ contents: 'export default { basename: (path) => path };' }));
      },
    },
  ],
  banner: { js: '/*! Holds parts of other libraries: their licences are in LICENSES.txt. */' },
});

const packages = new Set();
for (const input of Object.keys(metafile.inputs)) {
  const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
  if (name) packages.add(name);
}
const licences = [...packages].sort().map((name) => {
  const root = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  const file = readdirSync(root).find((entry) => /^licen[cs]e(?:\.|$)/i.test(entry));
  const text = file ? readFileSync(`${root}/${file}`, 'utf8').trim() : '';
  return `${name} ${version}: ${license}\n\n${text}\n`;
});
writeFileSync(`${folder}/LICENSES.txt`, licences.join(`\n${'-'.repeat(80)}\n\n`));
// What tsc wrote beside them maps lines that are no longer there.
for (const name of files) if (existsSync(`${folder}/${name}.map`)) rmSync(`${folder}/${name}.map`);

const { reportSchema } = await import('../dist/src/report/schema.js');
writeFileSync('dist/report.schema.json', `${JSON.stringify(reportSchema, null, 2)}\n`);

const { version } = await import('../dist/src/version.js');
const packageVersion = JSON.parse(readFileSync('package.json', 'utf8')).version;
if (version !== packageVersion) throw new Error(`src/version.ts says ${version}, package.json ${packageVersion}: set both`);
