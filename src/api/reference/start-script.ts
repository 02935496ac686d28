/**
 * Shows the document, and sends what is tried to the server that the page came from. A key that is typed in lives in
 * this page's memory: it is in no storage, cookie or URL, and is gone when the page is.
 */
export const START_SCRIPT = `
const answer = await fetch('openapi.json');
const spec = await answer.json();
spec.servers = [{ url: new URL('.', location.href).href.replace(/\\/$/, '') }];
window.SwaggerUIBundle({
  spec,
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  filter: true,
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  persistAuthorization: false,
  queryConfigEnabled: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;
