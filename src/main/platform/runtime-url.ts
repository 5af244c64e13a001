// The addresses of runtimes: http(s), on this machine or on hosts that the owner allowed. The IP addresses of a name are checked at
// connection time.
import { withoutBrackets } from '../../shared/loopback';
import { fail, ok, type Result } from '../../shared/result';

/** Default addresses of runtimes: Ollama; llama.cpp, whisper.cpp and LocalAI; future versions of llama.cpp; vLLM; LM Studio. */
export const LOCAL_RUNTIME_URLS: readonly string[] = [11_434, 8080, 9931, 8000, 1234].map((port) => `http://127.0.0.1:${String(port)}`);

/** Returns the base URL without the `/v1` of OpenAI's API and without a slash at its end, or an error text. */
export function parseRuntimeUrl(text: string): Result<URL, string> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return fail('expected an address such as http://127.0.0.1:8080');
  if (url.username !== '' || url.password !== '') return fail('an address of a model server has no user name or password: use a key file');
  if (url.search !== '' || url.hash !== '') return fail('an address of a model server has no query and no fragment');
  url.pathname = url.pathname.replace(/(\/v1)?\/*$/, '');
  return ok(url);
}

/** The host: a name, or an IP address without the brackets of IPv6. */
export const hostOf = (url: URL): string => withoutBrackets(url.hostname);

/** Parses `URL=FILE`: the file with the key of the runtime at that address. */
export function parseKeyFile(text: string): Result<{ readonly url: URL; readonly file: string }, string> {
  const at = text.indexOf('=');
  const url = parseRuntimeUrl(text.slice(0, Math.max(at, 0)));
  if (!url.ok || at === text.length - 1) return fail('expected `URL=FILE`, such as http://127.0.0.1:8000=/home/me/vllm.key');
  return ok({ url: url.value, file: text.slice(at + 1) });
}
