/** What the page asks of the workspace, and what it is told. */

async function json(response) {
  if (!response.ok && response.status !== 409) {
    throw new Error(`The workspace answered with ${response.status}`);
  }
  return response.json();
}

export async function ask(what, query = {}) {
  const search = new URLSearchParams(query);
  return json(await fetch(`/local/${what}?${search}`));
}

/** Does something as a person. Resolves with what the person is to see. */
export async function act(what, given) {
  try {
    const response = await fetch(`/local/act/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(given),
    });
    return await json(response);
  } catch {
    return { ok: false, sentence: 'The workspace does not answer. Is it still running?' };
  }
}

/** Listens for changes; after a break it reports itself as open again. */
export function listen(user, onChange, onOpen) {
  const stream = new EventSource(`/local/stream?${new URLSearchParams({ user })}`);
  stream.addEventListener('message', (event) => onChange(JSON.parse(event.data)));
  stream.addEventListener('open', onOpen);
  return () => stream.close();
}
