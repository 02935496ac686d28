/** Stands where a team may use no model yet. */
const SOME_MODEL = 'your-model';

/** A call that works when it is pasted into a shell. */
export function curlExample(baseUrl: string, secretKey: string, model = SOME_MODEL): string {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] });
  return [
    `curl ${baseUrl}/chat/completions \\`,
    `  -H "Authorization: Bearer ${secretKey}" \\`,
    '  -H "Content-Type: application/json" \\',
    // A quote ends the shell's text, stands escaped, and begins it again.
    `  -d '${body.replaceAll("'", String.raw`'\''`)}'`,
  ].join('\n');
}

/** A program that works as it stands; the key belongs into the environment once it is kept. */
export function pythonExample(baseUrl: string, secretKey: string, model = SOME_MODEL): string {
  return [
    'from openai import OpenAI',
    '',
    'client = OpenAI(',
    `    base_url=${JSON.stringify(baseUrl)},`,
    `    api_key=${JSON.stringify(secretKey)},`,
    ')',
    'answer = client.chat.completions.create(',
    `    model=${JSON.stringify(model)},`,
    '    messages=[{"role": "user", "content": "Hello"}],',
    ')',
    'print(answer.choices[0].message.content)',
  ].join('\n');
}
