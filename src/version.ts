/** Of the package; a test compares it with package.json, which code for browsers cannot read. */
export const version = '0.1.0';
