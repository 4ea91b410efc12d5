import cutReplies from '../../rules/form/cut-replies.ts';
import { type Detector, labelled } from './detector.ts';

/** Replies that end well, so that the absence of a final mark says something. */
const among = Array.from({ length: 60 }, (_, i) => ({
  prompt: `What is topic ${i} about?`,
  completion: `Topic ${i} is about the way in which people of the ${i}th district build their houses, and why they do it so.`,
}));

export const detector = (): Detector => ({
  rule: cutReplies,
  texts: labelled('cut-replies'),
  labelOf: (key) => key,
  among,
  floors: { recall: 0.9, falseShare: 0.02 },
});
