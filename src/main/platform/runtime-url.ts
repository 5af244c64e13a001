// Where a runtime may be: http(s) on this machine, and elsewhere only on hosts that the owner named. Which addresses a name may
// lead to is checked when it is connected to.
import { fail, ok, type Result } from '../../shared/result';

/** The default addresses of model servers: Ollama; llama.cpp, whisper.cpp and LocalAI; llama.cpp to come; vLLM; LM Studio. */
export const LOCAL_RUNTIME_URLS: readonly string[] = [11_434, 8080, 9931, 8000, 1234].map((port) => `http://127.0.0.1:${String(port)}`);

/** The base URL without a slash at its end, and without the `/v1` that clients of OpenAI's API are given; or why it is none. */
export function parseRuntimeUrl(text: string): Result<URL, string> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return fail('expected an address such as http://127.0.0.1:8080');
  if (url.username !== '' || url.password !== '')
    return fail('an address holds no user name or password: a key comes from a file of its own');
  if (url.search !== '' || url.hash !== '') return fail('an address of a runtime ends with its path');
  url.pathname = url.pathname.replace(/(\/v1)?\/*$/, '');
  return ok(url);
}

/** The host as a name or a plain IP address, without the brackets of IPv6. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** `URL=FILE`: which file holds the key of the runtime at that address. */
export function parseKeyFile(text: string): Result<{ readonly url: URL; readonly file: string }, string> {
  const at = text.indexOf('=');
  const url = parseRuntimeUrl(text.slice(0, Math.max(at, 0)));
  if (!url.ok || at === text.length - 1) return fail('expected `URL=FILE`, such as http://127.0.0.1:8000=/home/me/vllm.key');
  return ok({ url: url.value, file: text.slice(at + 1) });
}
