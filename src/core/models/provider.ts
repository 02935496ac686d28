import type { Dialect } from './dialect.ts';

/** Where providers answer: in the OpenAI dialect, but for Anthropic itself. */
export const PROVIDER_ADDRESSES: Readonly<Record<string, string>> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  gemini: 'https://generativelanguage.googleapis.com/v1beta/openai',
  fireworks: 'https://api.fireworks.ai/inference/v1',
  groq: 'https://api.groq.com/openai/v1',
  mistral: 'https://api.mistral.ai/v1',
  deepseek: 'https://api.deepseek.com/v1',
  xai: 'https://api.x.ai/v1',
  openrouter: 'https://openrouter.ai/api/v1',
};

export function dialectOfProvider(provider: string): Dialect {
  return provider === 'anthropic' ? 'anthropic' : 'openai';
}
