import {
  type Cause,
  Causes,
  causesOf,
  count,
  defineRule,
  hashString,
  integer,
  type Remark,
  rounded,
  type Severity,
  type Side,
  type Skip,
  type StateData,
} from '../../src/kit.ts';

/** More kinds of fault than this are told in one finding: by then the file, and not the line, is at fault. */
const TOLD_APART = 8;

const create = () => ({ lines: 0, causes: new Causes() });
type ReadState = ReturnType<typeof create>;

export default defineRule({
  meta: {
    id: 'readable-lines',
    family: 'form',
    severity: 'error',
    docs: {
      summary: 'Counts lines that cannot be read: no JSON, no object, no record of its table, no UTF-8, or too long.',
      why: 'Training services refuse the whole file for one bad line, and trainers drop such lines in silence.',
      score: 'Not scored. Any such line is an error.',
      source: 'RFC 8259, JSON (https://www.rfc-editor.org/rfc/rfc8259), and JSON Lines (https://jsonlines.org).',
    },
    options: {},
    exact: true,
    sides: true,
  },

  create,

  observe(state) {
    state.lines += 1;
  },

  observeSkip(state, skip) {
    state.lines += 1;
    if (skip.kind === 'unknown-shape' || skip.kind === 'bad-shape') return; // lines that could be read: example-shape tells of these
    const { at, reason, excerpt = reason, column = 0, advice } = skip;
    const shown = column > 0 ? `column ${column}: ${excerpt}` : excerpt;
    state.causes.add(causeOf(skip), hashString(excerpt), at, shown, 0, reason, column, advice);
  },

  finish(state, _options, _panel, side: Side<ReadState>) {
    const findings = [
      ...remarksOf(state, ''),
      ...sideRemarks(side.eval, 'evaluation data'),
      ...sideRemarks(side.reference, 'reference data'),
    ];
    return { score: null, findings };
  },
});

/** What lines are counted under: the reason without the words it quotes from them; lines too long differ in nothing but their length. */
function causeOf({ kind, reason }: Skip): string {
  return kind === 'too-long' ? kind : `${kind}: ${reason.replace(/,? "(?:[^"\\]|\\.)*"/g, '')}`;
}

function sideRemarks(data: StateData<ReadState> | undefined, of: string): Remark[] {
  return data ? remarksOf({ lines: data.lines, causes: causesOf(data.causes) }, of) : [];
}

function remarksOf({ lines, causes }: ReadState, of: string): Remark[] {
  const told = causes.list().slice(0, TOLD_APART);
  const remarks = told.map((cause) => remarkOf(cause, lines, of));
  const more = causes.total - told.reduce((sum, { times }) => sum + times, 0);
  if (more > 0) {
    remarks.push({
      key: keyOf('other', of),
      message: `${integer(more)} more ${more === 1 ? 'line' : 'lines'}${ofWhat(of)} cannot be read for yet other reasons, expected one JSON object per line`,
      level: 'error',
      suggestion: `Write the file anew with a JSON library: so many kinds of fault come from writing JSON by hand`,
      evidence: causes
        .list()
        .slice(TOLD_APART, TOLD_APART + 3)
        .flatMap(({ witnesses }) => witnesses.slice(0, 1)),
      data: { lines: more, share: rounded(more / lines) },
    });
  }
  return remarks;
}

function remarkOf(cause: Cause, lines: number, of: string): Remark {
  const kind = cause.key.split(':', 1)[0] as Skip['kind'];
  const reason = cause.detail ?? (kind === 'too-long' ? cause.example : cause.key.slice(kind.length + 2));
  const column = cause.times === 1 ? (cause.witnesses[0]?.column ?? 0) : 0;
  return {
    key: keyOf(cause.key, of),
    message: messageOf(kind, cause.times, reason, of),
    level: 'error' satisfies Severity,
    suggestion: suggestionOf(kind, cause),
    evidence: cause.witnesses,
    data: { lines: cause.times, share: rounded(cause.times / lines), ...(column > 0 && { column }) },
  };
}

function messageOf(kind: Skip['kind'], times: number, reason: string, of: string): string {
  const some = `${count(times, 'line')}${ofWhat(of)}`;
  switch (kind) {
    case 'not-object':
      return `${some} ${times === 1 ? 'holds' : 'hold'} ${reason}, expected one JSON object per line`;
    case 'bad-utf8':
      return `${some} ${times === 1 ? 'holds' : 'hold'} ${reason}, expected UTF-8`;
    case 'too-long':
      return times === 1
        ? `${some} was skipped: ${reason}, expected a shorter one`
        : `${some} were skipped, among them ${reason}, expected shorter ones`;
    case 'not-record':
      return `${some} ${times === 1 ? 'is no record of its table' : 'are no records of their table'}: ${reason}, expected a cell for each column and quotes in pairs`;
    default:
      return `${some} ${times === 1 ? 'is' : 'are'} not JSON: ${reason}, expected one JSON object per line`;
  }
}

/** What the reader advises; else what mends all lines of this kind. */
function suggestionOf(kind: Skip['kind'], { times, advice }: Cause): string {
  const lines = count(times, 'line');
  const these = times === 1 ? 'this line' : `these ${lines}`;
  if (advice !== undefined) return `${advice} ${these}`;
  switch (kind) {
    case 'not-object':
      return `Wrap what ${these} ${times === 1 ? 'holds' : 'hold'} in an object, such as {"messages": [...]}, or drop ${times === 1 ? 'it' : 'them'}`;
    case 'bad-utf8':
      return `Convert the file to UTF-8 (iconv -f latin1 -t utf-8, if it is Latin-1), which mends ${these}`;
    case 'too-long':
      return `Split or drop ${these}`;
    default:
      return `Mend or drop ${these}`;
  }
}

const keyOf = (key: string, of: string): string => (of === '' ? key : `${key} (${of})`);
const ofWhat = (of: string): string => (of === '' ? '' : ` of the ${of}`);
