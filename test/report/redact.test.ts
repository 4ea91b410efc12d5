import { expect, it } from 'vitest';
import { redacted } from '../../src/report/redact.ts';

it('keeps excerpts at 160 characters where what is hidden gets longer', () => {
  const excerpt = `${'x'.repeat(134)} ann.kovacs@kovacs-mail.de`.slice(0, 160);
  const { excerpt: shown, message } = redacted({ excerpt, message: 'mail to ann.kovacs@kovacs-mail.de' });
  expect(shown.length).toBeLessThanOrEqual(160);
  expect(shown).not.toContain('kovacs-mail');
  expect(message).not.toContain('kovacs-mail');
});
