import type { OpenApiDocument, Operation } from './openapi-document.ts';

/** The description as a page without scripts, in the look of the chat page. */
export function apiPage({ info, paths }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => section(method, path, operation)));
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)}: API</title><link rel="stylesheet" href="/docs.css"></head>
<body><main><h1>${escaped(info.title)} ${escaped(info.version)}</h1><p>${escaped(info.description)}</p>
<p>Send a key or an access token as <code>Authorization: Bearer …</code>. Errors are <code>application/problem+json</code> with a stable
<code>code</code>. For programs: <a href="/openapi.json">openapi.json</a>.</p>
${operations.join('\n')}
</main></body></html>
`;
}

function section(method: string, path: string, operation: Operation): string {
  const right = operation['x-right'] === 'public' ? 'open to everybody' : `needs <code>${escaped(operation['x-right'])}</code>`;
  const parameters = operation.parameters.map(({ name, in: place, required }) => `<li><code>${escaped(name)}</code> in ${place}${required ? '' : ', optional'}</li>`);
  const list = parameters.length === 0 ? '' : `<ul>${parameters.join('')}</ul>`;
  const body = operation.requestBody?.content['application/json']?.schema;
  const json = body === undefined ? '' : `<details><summary>Body</summary><pre>${escaped(JSON.stringify(body, null, 2))}</pre></details>`;
  return `<section><h2><code>${method.toUpperCase()} ${escaped(path)}</code></h2><p>${escaped(operation.summary)} (${right})</p>${list}${json}</section>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
