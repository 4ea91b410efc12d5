import { axolotl } from './axolotl.ts';
import { azure } from './azure.ts';
import { bedrockClaude } from './bedrock-claude.ts';
import { bedrockNova } from './bedrock-nova.ts';
import { fireworks } from './fireworks.ts';
import { gemini } from './gemini.ts';
import { llamaFactory } from './llama-factory.ts';
import { mistral } from './mistral.ts';
import { openai } from './openai.ts';
import type { Provider } from './provider.ts';
import { together } from './together.ts';
import { trl } from './trl.ts';
import { unsloth } from './unsloth.ts';

/** Every service and trainer, services first: the order in which they are told. */
export const providers: readonly Provider[] = [
  openai,
  azure,
  together,
  fireworks,
  bedrockNova,
  bedrockClaude,
  gemini,
  mistral,
  trl,
  axolotl,
  llamaFactory,
  unsloth,
];
