/** The customer that the first command on the card names, so that it works as it stands. */
const DEMO_CUSTOMER = { organization_id: 'acme', name: 'Acme' };

/** The API is up by then; a start never fails for the want of a demonstration. */
const TIMEOUT_MS = 3_000;

/** Creates the demonstration's customer if it is not there. Answers what is wrong, if anything is. */
export async function ensureDemoCustomer(
  url: string,
  adminKey: string,
): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/api/organizations/create`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(DEMO_CUSTOMER),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = await response.text();
    return response.ok || answer.includes('organization_exists') ? undefined : answer;
  } catch (error) {
    return (error as Error).message;
  }
}
