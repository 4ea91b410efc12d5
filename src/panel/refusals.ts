/** Whether a reply turns its prompt down. */

/** A refusal stands at the start: this many characters are looked at. */
const CHARACTERS = 300;

const LEAD =
  /^(?:(?:i'?m|i am) (?:very |really |truly |so |deeply )?sorry|(?:my )?sorry|(?:my |i offer my )?(?:sincere )?apologies|i (?:do |sincerely |must )?apologi[sz]e|unfortunately|regrettably|(?:i'?m|i am) afraid|i understand[^.!?"]{0,80}|i appreciate[^.!?"]{0,80}|thank you for[^.!?"]{0,80}|no)(?: for (?:any|the)[^.,!?"]{0,60})?(?:[,.!:;—–-]| that| to say| but| however)+/;
const AS_AN_AI =
  /^(?:(?:as|being) an? (?:[\w-]+ ){0,3}(?:ai|artificial intelligence|assistant|chatbot|bot|language model|model)(?: (?:language )?(?:model|assistant|system|program))?(?: (?:developed|created|trained|made) by [^,.]{1,40})?,?) /;
const CANNOT =
  /^(?:i|we) (?:just |simply |really |currently |also )?(?:can't|cannot|can not|won't|will not|couldn't|am unable to|are unable to|am not able to|are not able to|am not allowed to|am not permitted to|must decline|have to decline|must refuse|decline to|refuse to)/;
const UNABLE = /^i'm (?:currently |just |really |still )?(?:unable|not able|not allowed|not permitted|not going|not comfortable|not programmed|not designed|not capable)\b/;
const LACK =
  /^(?:i|we) (?:currently )?(?:don't|do not|lack) (?:currently |yet |actually )?(?:have )?(?:the |any |real-time |direct |personal )*(?:ability|capability|capabilities|capacity|access|means|authori[sz]ation|permission)\b/;
/** What follows "can't" where nothing is turned down. */
const NOT_TURNED_DOWN =
  /^ (?:wait|help but|believe|stress|emphasi[sz]e|overstate|imagine|stand|recommend [^.]{0,40}(?:enough|highly)|thank|stop|tell you how|say enough|remember|deny|complain|bear|express|afford|get enough|sleep|see (?:why|how))\b/;

/**
 * True where a reply opens by turning its prompt down: "I'm sorry, but I can't …", "As an AI, I cannot …", "I don't have the ability to …".
 * A short, conservative list of English openings, so that it says too little rather than too much; what is quoted or said by
 * somebody in a dialogue is not the reply's own word, and a refusal further on is not seen.
 */
export function refuses(reply: string): boolean {
  let text = reply
    .slice(0, CHARACTERS * 2)
    .trimStart()
    .slice(0, CHARACTERS)
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/\s+/g, ' ');
  // what follows two lead-ins at most: "I'm sorry, but as an AI, I cannot …"
  let led = false;
  for (let i = 0; i < 3; i++) {
    const lead = LEAD.exec(text)?.[0] ?? AS_AN_AI.exec(text)?.[0];
    if (lead === undefined) break;
    text = text
      .slice(lead.length)
      .replace(/^[\s,.!:;—–-]+/, '')
      .replace(/^(?:but|that|however,?) /, '')
      .trimStart();
    led = true;
  }
  const cannot = CANNOT.exec(text)?.[0];
  if (cannot !== undefined) {
    const rest = text.slice(cannot.length);
    return !NOT_TURNED_DOWN.test(rest) && (led || TURNED_DOWN.test(rest) || /decline|refuse/.test(cannot));
  }
  return (
    UNABLE.test(text) ||
    LACK.test(text) ||
    (led && /^(?:this|that|it) (?:is|would be) (?:not something i can|against my|beyond my)/.test(text))
  );
}

/** What follows a bare "I can't", which stories and letters say as well. */
const TURNED_DOWN =
  /^ (?:to )?(?:\w+ly )?(?:assist|help|provide|comply|fulfil|fulfill|answer|do (?:that|this)|create|generate|write|share|engage|support|offer|discuss|participate|complete|continue with|perform|access|browse|order|make (?:that|this|a|any)|recommend|advise|encourage|endorse|promote|satisfy|respond|produce|disclose|reveal|assist|process|give you|tell you (?:that|this)|book)\b/;
