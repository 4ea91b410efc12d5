// Scaffolds a rule: the rule file, its test, its fixture folder and its line in rules/index.ts.
// usage: npm run new-rule <family>/<id>
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const FAMILIES = ['clustering', 'leakage', 'spread', 'adversarial', 'mapping', 'form'];
const [family, id] = (process.argv[2] ?? '').split('/');
if (!FAMILIES.includes(family) || !/^[a-z]+(-[a-z]+)+$/.test(id ?? '')) {
  console.error(`usage: npm run new-rule <family>/<thing-property>, with a family of: ${FAMILIES.join(', ')}`);
  process.exit(2);
}
const name = id.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const ruleFile = `rules/${family}/${id}.ts`;
if (existsSync(ruleFile)) {
  console.error(`${ruleFile} exists already`);
  process.exit(2);
}

const rule = `import { count, defineRule, judge, type Measure, pairs, percent, Sample } from '../../src/kit.ts';

const SHARE: Measure = { even: 0.05, worst: 1, scale: 'linear', warn: 'warn', error: 'error' };

export default defineRule({
  meta: {
    id: '${id}',
    family: '${family}',
    severity: 'error', // the ceiling of what its findings are reported as; levels come from the bounds below
    docs: {
      summary: 'Measures how often <what>.',
      why: '<Why a lopsided value hurts the tuned model.>',
      score: '<What the score means, in words.>',
      source: '<A paper, a link, a talk.>',
    },
    options: {
      warn: { type: 'number', default: 0.1, minimum: 0, maximum: 1, description: 'The share from which it is a warning.' },
      error: { type: 'number', default: 0.5, minimum: 0, maximum: 1, description: 'The share from which it is an error.' },
    },
    measures: { share: SHARE },
  },

  // Counts add and Stats merge: the engine derives the merge from this.
  create: () => ({ replies: 0, hits: 0, where: new Sample(3) }),

  // Every example once, in no particular order. Plain loops, few allocations.
  observe(state, example) {
    for (const pair of pairs(example)) {
      state.replies += 1;
      if (pair.reply !== '<the thing>') continue;
      state.hits += 1;
      state.where.add(0, { ...example.at, excerpt: pair.reply }); // 0: put a content hash here, so that samples are fair
    }
  },

  finish({ replies, hits, where }, options) {
    if (replies === 0) return { score: null, notJudged: 'no replies', findings: [] };
    const share = hits / replies;
    const { score, level } = judge(SHARE, share, options);
    if (hits === 0) return { score, findings: [] };
    return {
      score,
      findings: [
        {
          key: 'share',
          level: level ?? 'info',
          message: \`\${percent(share)} of replies <do this>, expected under \${percent(options.warn)}\`,
          suggestion: \`Rewrite or drop about \${count(Math.ceil(hits - options.warn * replies), 'reply', 'replies')} that <do this>\`,
          evidence: where.evidence(),
          data: { share, replies, hits },
        },
      ],
    };
  },
});
`;
const test = `import rule from '../../../rules/${family}/${id}.ts';
import { testRule } from '../../../src/testing.ts';
import { random, sentence } from '../../generate.ts';

const varied = (n: number, seed = 1): [string, string][] => {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => [\`\${sentence(r)} \${i}\`, sentence(r, 12)]);
};

testRule(rule, {
  even: [
    { name: 'nothing of the kind', pairs: varied(120), score: 0 },
    { name: 'too few to judge', pairs: varied(10), score: null, notJudged: 'fewer than 30 examples' },
  ],
  lopsided: [
    // exact score, full message; one case per option
    { name: '<half of them>', pairs: varied(120, 2), score: 0.8, findings: [{ level: 'error', message: '<the whole message>' }] },
  ],
});
`;
mkdirSync(`test/rules/${family}`, { recursive: true });
mkdirSync(`fixtures/${id}`, { recursive: true });
writeFileSync(ruleFile, rule);
writeFileSync(`test/rules/${family}/${id}.test.ts`, test);
for (const kind of ['even', 'lopsided']) writeFileSync(`fixtures/${id}/${kind}.jsonl`, '');

const index = readFileSync('rules/index.ts', 'utf8');
const last = index.lastIndexOf("from '../src/kit.ts';");
writeFileSync(
  'rules/index.ts',
  index
    .replace(/(import [^\n]+\n)(?=import \{ definePlugin|\n\/\*\*)/, (line) =>
      last >= 0 ? `${line}import ${name} from './${family}/${id}.ts';\n` : line,
    )
    .replace(/rules: \[([^\]]*?),?\s*\]/, (_, list) => `rules: [${list.trim() === '' ? '' : `${list},`} ${name}]`),
);
console.log(`Wrote ${ruleFile}, its test and empty fixtures, and listed it in rules/index.ts.
Next: fill the <blanks>, write fixtures/${id}/{even,lopsided}.jsonl (100 distinct rows and more), npx biome check --write ., npm test, npm run generate.`);
