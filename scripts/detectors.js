// npm run detectors [-- --mistakes]: how well each detector does on its labelled texts (fixtures/detectors), with the floors that the tests hold it to.
import { parseArgs } from 'node:util';
import { createJiti } from 'jiti';

const { values } = parseArgs({ options: { mistakes: { type: 'boolean', default: false } } });
const jiti = createJiti(import.meta.url);
const { detectors } = await jiti.import('../test/detectors/index.ts');
const { measure } = await jiti.import('../test/detectors/detector.ts');

const percent = (share) => `${(100 * share).toFixed(1)}%`;
let failed = false;
for (const [id, detectorOf] of Object.entries(detectors)) {
  const { floors, ...detector } = detectorOf();
  const { labels, clean, falseAlarms, falseShare, mistakes } = await measure({ floors, ...detector });
  console.log(`${id}   (recall at least ${percent(floors.recall)}, false alarms at most ${percent(floors.falseShare)})`);
  console.log(`  ${'label'.padEnd(32)}${'texts'.padStart(7)}${'recall'.padStart(9)}${'precision'.padStart(11)}`);
  for (const { label, texts, recall, precision } of labels)
    console.log(`  ${label.padEnd(32)}${String(texts).padStart(7)}${percent(recall).padStart(9)}${percent(precision).padStart(11)}`);
  console.log(`  ${'false alarms'.padEnd(32)}${String(clean).padStart(7)}${percent(falseShare).padStart(9)}   (${falseAlarms})\n`);
  if (values.mistakes) for (const mistake of mistakes) console.log(`    ${JSON.stringify(mistake).slice(0, 300)}`);
  failed ||= falseShare > floors.falseShare || labels.some(({ recall }) => recall < floors.recall);
}
if (failed) process.exitCode = 1;
