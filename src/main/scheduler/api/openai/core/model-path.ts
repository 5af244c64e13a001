// A model's id may hold slashes, and not every client writes them as `%2F` in `/v1/models/{model}`.

const PREFIX = '/v1/models/';

/** The URL with what follows the list's path as one part of it. */
export function withModelInOnePart(url: string): string {
  if (!url.startsWith(PREFIX)) return url;
  const [model = '', ...query] = url.slice(PREFIX.length).split('?');
  return [PREFIX + model.replaceAll('/', '%2F'), ...query].join('?');
}
