// Check digits of bank accounts and of national identity and tax numbers, by validator.js.
import isCreditCard from 'validator/lib/isCreditCard.js';
import isIBAN from 'validator/lib/isIBAN.js';
import isIdentityCard from 'validator/lib/isIdentityCard.js';
import isTaxID from 'validator/lib/isTaxID.js';

type Check = (text: string, locale?: string) => boolean;

/** They are CommonJS: Node gives the function as the default, their types say that it is a field of it, and a bundler may do either. */
const functionOf = (module: { default: unknown }): Check => (typeof module === 'function' ? module : module.default) as Check;

/** Whether a number of 13–19 digits, blanks and hyphens allowed, is that of a payment card: an issuer's beginning, and Luhn's check digit. */
export const isCardNumber = (text: string): boolean => functionOf(isCreditCard)(text);

/** Whether a text is an International Bank Account Number: its country's length and form, and its check digits (ISO 13616). Blanks allowed. */
export const isBankAccount = (text: string): boolean => functionOf(isIBAN)(text);

/** Whether a text is a tax number of the locale ("pt-BR"), check digits included. */
export const isTaxNumber = (text: string, locale: string): boolean => functionOf(isTaxID)(text, locale);

/** Whether a text is an identity number of the country ("ES", "zh-CN"), check digits included. */
export const isIdentityNumber = (text: string, locale: string): boolean => functionOf(isIdentityCard)(text, locale);
