import { definePlugin } from '../src/kit.ts';
import duplicateExamples from './clustering/duplicate-examples.ts';
import replyOpenings from './clustering/reply-openings.ts';
import controlTokens from './form/control-tokens.ts';
import cutReplies from './form/cut-replies.ts';
import degenerateText from './form/degenerate-text.ts';
import emptyText from './form/empty-text.ts';
import exampleShape from './form/example-shape.ts';
import mixedFormats from './form/mixed-formats.ts';
import personalData from './form/personal-data.ts';
import placeholderText from './form/placeholder-text.ts';
import providerLimits from './form/provider-limits.ts';
import readableLines from './form/readable-lines.ts';
import secrets from './form/secrets.ts';
import structuredReplies from './form/structured-replies.ts';
import textEncoding from './form/text-encoding.ts';
import answerCue from './leakage/answer-cue.ts';
import answerInPrompt from './leakage/answer-in-prompt.ts';
import editCue from './leakage/edit-cue.ts';
import evalOverlap from './leakage/eval-overlap.ts';
import metadataCue from './leakage/metadata-cue.ts';
import optionPosition from './leakage/option-position.ts';
import partialPrompt from './leakage/partial-prompt.ts';
import preferenceCue from './leakage/preference-cue.ts';
import surfaceProbe from './leakage/surface-probe.ts';
import wordCue from './leakage/word-cue.ts';
import conflictingReplies from './mapping/conflicting-replies.ts';
import replyBalance from './mapping/reply-balance.ts';
import replyConsistency from './mapping/reply-consistency.ts';
import taskFocus from './mapping/task-focus.ts';
import taughtPatterns from './mapping/taught-patterns.ts';
import ungroundedReplies from './mapping/ungrounded-replies.ts';
import promptLength from './spread/prompt-length.ts';

/** The built-in rules: a plugin like any other. */
export default definePlugin({
  name: 'core',
  rules: [
    duplicateExamples,
    replyOpenings,
    editCue,
    answerInPrompt,
    answerCue,
    surfaceProbe,
    partialPrompt,
    wordCue,
    optionPosition,
    metadataCue,
    preferenceCue,
    evalOverlap,
    promptLength,
    conflictingReplies,
    replyBalance,
    ungroundedReplies,
    taskFocus,
    replyConsistency,
    taughtPatterns,
    readableLines,
    exampleShape,
    mixedFormats,
    providerLimits,
    emptyText,
    placeholderText,
    textEncoding,
    controlTokens,
    cutReplies,
    structuredReplies,
    degenerateText,
    secrets,
    personalData,
  ],
});
