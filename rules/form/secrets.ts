import { type Cause, Causes, contentHash, count, defineRule, type Remark, secretSpots, UNCHECKED } from '../../src/kit.ts';

export default defineRule({
  meta: {
    id: 'secrets',
    family: 'form',
    severity: 'error',
    docs: {
      summary: 'Finds keys, tokens and passwords: in prompts and replies, tool calls and all other fields.',
      why: 'Who tunes on a secret gives it away: the service stores the file, the model may recite it, and it opens a door until it is revoked.',
      score:
        'Not scored. Any is an error. Placeholders and the keys of documentation do not count. Reports never hold the values: whatever a report quotes, secrets in it are hidden.',
      source:
        "The recommended rules of secretlint (https://github.com/secretlint/secretlint), and kinds that these lack, by their issuers' documentation. Carlini et al. 2021, Extracting Training Data from Large Language Models (https://arxiv.org/abs/2012.07805).",
    },
    options: {},
    exact: true,
  },

  create: () => ({ faults: new Causes() }),

  observe({ faults }, example) {
    const spots = secretSpots(example);
    for (let i = 0; i < spots.length; i++) {
      const { kind, text, index } = spots[i]!;
      faults.add(kind, contentHash(example), example.at, text, index);
    }
  },

  finish({ faults }) {
    return { score: null, findings: faults.list().map(remarkOf) };
  },
});

function remarkOf({ key: kind, times, witnesses }: Cause): Remark {
  const examples = count(times, 'example');
  const these = times === 1 ? 'this example' : `these ${examples}`;
  const common = { key: kind, level: 'error', evidence: witnesses, data: { examples: times } } as const;
  if (kind === UNCHECKED) {
    return {
      ...common,
      message: `${examples} ${times === 1 ? 'holds' : 'hold'} text that could not be checked to its end, expected text that can`,
      suggestion: `Look through ${these} for keys and tokens, or drop ${times === 1 ? 'it' : 'them'}`,
    };
  }
  const noun = NOUNS[kind] ?? kind;
  return {
    ...common,
    message:
      kind === 'secret'
        ? `${examples} ${times === 1 ? 'holds' : 'hold'} a value whose name says that it is secret, expected none`
        : `${examples} ${times === 1 ? `holds ${article(kind)} ${kind}` : `hold ${kind.replace(noun, `${noun}s`)}`}, expected none`,
    suggestion:
      times === 1
        ? `Revoke the ${noun} in ${these}, and put an invented one in its place`
        : `Revoke the ${noun}s in ${these}, and put invented ones in their place`,
  };
}

/** The part of a kind that stands in the plural. */
const NOUNS: { readonly [kind: string]: string } = {
  'password in a URL': 'password',
};

/** By how it is said: "an npm token", "an xAI key". */
const article = (kind: string): string => (/^(?:[aeio]|npm|nv|xai)/i.test(kind) ? 'an' : 'a');
