import type { Config, OptionSpecs, Plugin, Rule, State } from './types.ts';

/** All that a rule may use: rules import this file and nothing else, ours and those of plugins alike. */
export { CONTROL_TOKENS, type ControlToken, type ControlTokenHit, controlTokens, TOKEN_MARKS } from './features/control-tokens.ts';
export { type EvalIndex, evalIndex, type KeyedPrompt, keyedPrompts, LONG_RUN, RUN, RUNS_OF_TWENTY_WORDS } from './features/eval-index.ts';
export { type ExtraField, extraFields } from './features/extra-fields.ts';
export { feature } from './features/feature.ts';
export { type Mojibake, mojibake } from './features/mojibake.ts';
export { contentHash, contentHashButBlanks, contentHashOfWords, type PairKey, pairKeys, pairs } from './features/pairs.ts';
export { type Rival, rivals } from './features/preference.ts';
export { type PrivateSpot, personalSpots, secretSpots } from './features/private-texts.ts';
export { isAsked, isCode } from './features/quoted.ts';
export { type Circle, repetition } from './features/repetition.ts';
export { marksOf, ODD, type Sketch, sketch, sketches } from './features/sketch.ts';
export { type CountTokens, tokenCounter } from './features/tokens.ts';
export { type DeclaredTool, declaredTools, nearestTool } from './features/tools.ts';
export { comparable } from './features/word-hashes.ts';
export { heldBack, judge, rounded } from './judge.ts';
export { type AnswerScheme, answerClasses, type SchemeId } from './panel/answer-classes.ts';
export { type AnsweredPairs, answeredPairs, answerName, inTask, whyNoAnswers } from './panel/answered.ts';
export { type CueGlance, type CueQuestions, type CueTest, cueEvidence, cueTestWithout, testCues } from './panel/cue-tests.ts';
export type { CueId, OperationId } from './panel/edits.ts';
export { type Fallback, fallbackSpellings } from './panel/fallbacks.ts';
export { isFunctionWord, isNegation } from './panel/function-words.ts';
export {
  collapseRuns,
  datesOf,
  type GrammarName,
  type GrammarSentence,
  isImperative,
  isPassive,
  namesOf,
  type PersonCounts,
  personsOf,
  readGrammar,
  segments,
  sentences,
  type TenseCounts,
  tensesOf,
} from './panel/grammar.ts';
export { contextOf, isName, languageOf, sentenceOf, speaks, type UnheldValue, unheldValues, type ValueKind } from './panel/grounding.ts';
export { HABITS, SEEN_HABITS } from './panel/habit-list.ts';
export { type Habit, habits, type TaskHabits } from './panel/habits.ts';
export type { InstructionKind } from './panel/instructions.ts';
export { type JsonReading, jsonReplies, looksLikeJson, readJson } from './panel/json-replies.ts';
export { areLabels, foldLabel, isShort } from './panel/labels.ts';
export { stem } from './panel/libraries.ts';
export { markup } from './panel/markup.ts';
export { foldName, type NamedValue, namedValues } from './panel/named-values.ts';
export { type NearBy, type NearPair, nearSame } from './panel/near-same.ts';
export { type Choice, choiceOf, type OptionList, optionLists } from './panel/options.ts';
export { pairEvidence } from './panel/pair-excerpt.ts';
export { type PreferenceWord, type PreferenceWords, preferenceWords } from './panel/preference-words.ts';
export { type PreferencePair, preferenceEvidence, preferencePairs, textOf } from './panel/preferences.ts';
export { medianWords, type PromptPart, promptParts } from './panel/prompt-parts.ts';
export { refuses } from './panel/refusals.ts';
export { type Blank, blankAt, labelAt, markerAt } from './panel/reply-edges.ts';
export type { ReplyReading } from './panel/reply-reading.ts';
export { type SettledTask, settledTasks } from './panel/settled-tasks.ts';
export { statementOf, valueOf, valuesApart } from './panel/statements.ts';
export { type SurfaceColumn, type SurfaceTable, type SurfaceTest, surfaceTables, surfaceTests } from './panel/surface-cues.ts';
export { type SyntaxProblem, sqlProblem, xmlProblem, yamlProblem } from './panel/syntax.ts';
export { type ReplyForm, type SharedBy, type TaskKind, type TaskKinds, taskKinds } from './panel/task-kinds.ts';
export { oneTask, type PanelPair, type Task, type TaskType, tasks } from './panel/tasks.ts';
export { type Form, isSyntax, type TextForm, textForm } from './panel/text-form.ts';
export { atLeast, lowerWithout, type Probing, pairsToProbe, reach, surestRight, toldMeasures, toldOptions } from './panel/told.ts';
export { type WordCue, type WordCues, wordAt, wordCues } from './panel/word-cues.ts';
export { wordFeatures } from './panel/word-features.ts';
export { words } from './panel/words.ts';
export { UNCHECKED } from './privacy/secrets.ts';
export { checkRow, patternOf } from './providers/check.ts';
export { providers } from './providers/index.ts';
export type { Confidence, Consequence, Fault, FaultKind, Limit, Measured, Provider, Shape } from './providers/provider.ts';
export { tokensOfRow } from './providers/row-length.ts';
export { falseDiscoveryRates } from './stats/association.ts';
export { type Cause, Causes, causesOf, type Witness } from './stats/causes.ts';
export { Counts } from './stats/counts.ts';
export { CrossTally } from './stats/cross-tally.ts';
export { type Answered, addsTo, type Column, type CueStrength, cueStrength, quantileBins, standardError } from './stats/cues.ts';
export { excerptAround } from './stats/excerpt.ts';
export { FieldSample } from './stats/field-sample.ts';
export { type Group, Groups } from './stats/groups.ts';
export { combine, hashString } from './stats/hash.ts';
export { HeldOut, type HeldOutPrompt } from './stats/held-out.ts';
export { Histogram } from './stats/histogram.ts';
export { Partners } from './stats/partners.ts';
export { type FeatureRows, type ProbeResult, probe } from './stats/probe.ts';
export { Sample } from './stats/sample.ts';
export { binomialTail, chiSquareTail, normalQuantile, normalTail, signTest, wilson } from './stats/tails.ts';
export { Tally } from './stats/tally.ts';
export { Top } from './stats/top.ts';
export type * from './types.ts';
export { count, cutText, figure, integer, list, percent, quote } from './wording.ts';

// Identity functions: they do nothing but let editors infer and check the shape.
export const defineRule = <const Specs extends OptionSpecs, S extends State>(rule: Rule<Specs, S>): Rule<Specs, S> => rule;
export const definePlugin = (plugin: Plugin): Plugin => plugin;
export const defineConfig = (config: Config): Config => config;
