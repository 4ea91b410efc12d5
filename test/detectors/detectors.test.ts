import { describe, expect, it } from 'vitest';
import { measure } from './detector.ts';
import { detectors } from './index.ts';

describe.each(Object.entries(detectors))('%s', (_, detectorOf) => {
  it('finds what it must, and nothing where nothing is', async () => {
    const detector = detectorOf();
    const { labels, falseShare, clean, mistakes } = await measure(detector);
    const shown = JSON.stringify(mistakes.slice(0, 5)).slice(0, 2000);
    for (const { label, texts, recall } of labels) {
      expect(texts, `texts labelled ${label}`).toBeGreaterThanOrEqual(5);
      expect(recall, `${label}: ${shown}`).toBeGreaterThanOrEqual(detector.floors.recall);
    }
    expect(labels.length).toBeGreaterThan(0);
    expect(clean).toBeGreaterThanOrEqual(100);
    expect(falseShare, shown).toBeLessThanOrEqual(detector.floors.falseShare);
  });
});
