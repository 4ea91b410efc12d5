import {
  type Cause,
  Causes,
  contentHash,
  count,
  defineRule,
  type OptionsOf,
  percent,
  personalSpots,
  type Remark,
  rounded,
} from '../../src/kit.ts';

const specs = {
  warn: {
    description: 'Share of examples with personal data of one kind that is worth a look.',
    type: 'number',
    default: 0.01,
    minimum: 0,
    maximum: 1,
  },
} as const;

export default defineRule({
  meta: {
    id: 'personal-data',
    family: 'form',
    severity: 'warn',
    docs: {
      summary: 'Counts e-mail addresses, phone numbers, payment cards, bank accounts and national ids of persons.',
      why: 'A tuned model may recite what it was tuned on to whoever asks, and personal data of others may not be handed to a service without a reason.',
      score:
        'Not scored. Any is told; a kind that 1% of examples hold is a warning. Addresses of roles, invented numbers and those without their check digits do not count, nor do names and street addresses, which have no form. Reports never hold the values.',
      source:
        'Check digits by validator.js, phone numbers by libphonenumber. Carlini et al. 2021, Extracting Training Data from Large Language Models (https://arxiv.org/abs/2012.07805).',
    },
    options: specs,
    exact: true,
  },

  create: () => ({ examples: 0, faults: new Causes() }),

  observe(state, example) {
    state.examples += 1;
    const spots = personalSpots(example);
    for (let i = 0; i < spots.length; i++) {
      const { kind, text, index } = spots[i]!;
      state.faults.add(kind, contentHash(example), example.at, text, index);
    }
  },

  finish({ examples, faults }, options) {
    return { score: null, findings: faults.list().map((cause) => remarkOf(cause, examples, options)) };
  },
});

const MANY: { readonly [kind: string]: string } = { 'e-mail address': 'e-mail addresses' };

function remarkOf({ key: kind, times, witnesses }: Cause, examples: number, { warn }: OptionsOf<typeof specs>): Remark {
  const share = rounded(times / examples);
  const one = times === 1;
  const many = MANY[kind] ?? `${kind}s`;
  return {
    key: kind,
    message: `${count(times, 'example')} (${percent(share)}) ${one ? `holds ${kind.startsWith('e') ? 'an' : 'a'} ${kind}` : `hold ${many}`}, expected none`,
    level: share >= warn ? 'warn' : 'info',
    suggestion: `Put invented ${many} into ${one ? 'this example' : `these ${count(times, 'example')}`}, or make sure that you may train on real ones`,
    evidence: witnesses,
    data: { examples: times, share, warn },
  };
}
