// The smallest metadata: patterns and lengths of every country's numbers, without who runs them.
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/**
 * Whether a short text (a line at most) is a phone number that can be dialled: with its country's code, or as it is dialled within `country`
 * (ISO 3166, two capitals). From Google's libphonenumber.
 */
export function isPhoneNumber(text: string, country?: string): boolean {
  const number = parsePhoneNumberFromString(text, country === undefined ? {} : { defaultCountry: country as CountryCode });
  return number?.isValid() ?? false;
}
