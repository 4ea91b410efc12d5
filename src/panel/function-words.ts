/** Words that carry grammar and no topic. English. */

const NEGATIONS = 'no not never nobody nothing none neither nor nowhere cannot without hardly'.split(' ');

const FUNCTION_WORDS = (
  'a an the this that these those some any each every all both either another other such more most less least enough ' +
  'i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself ' +
  'they them their theirs themselves one ones somebody someone something anybody anyone anything ' +
  'everybody everyone everything there here then thus hence ' +
  'am is are was were be been being do does did doing done have has had having will would shall should can could may might must ought ' +
  'of in on at by for with about against between among into through during before after above below to from up down out off over under ' +
  'again further once upon within along across behind beyond near toward towards around since until till per via onto ' +
  'and or but if because as while although though unless whereas whether than so yet also too very just only even still already ever ' +
  'always often sometimes usually perhaps maybe quite rather almost indeed however therefore instead otherwise actually really simply now ' +
  "please let's i'm i've i'd i'll you're you've you'll it's that's there's he's she's we're they're " +
  "don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't couldn't shouldn't haven't hasn't hadn't"
).split(' ');

const negations = new Set(NEGATIONS);
const functions = new Set([...FUNCTION_WORDS, ...NEGATIONS]);

/** True of a lower-case English word that says no, n't-forms among them. */
export const isNegation = (word: string): boolean => negations.has(word) || (word.endsWith("n't") && functions.has(word));

/** True of a lower-case English word of the closed classes: articles, pronouns, auxiliaries, prepositions, conjunctions, common adverbs; not question words and amounts, which are what is asked. */
export const isFunctionWord = (word: string): boolean => functions.has(word);
