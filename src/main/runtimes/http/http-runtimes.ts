// Which addresses are looked at for runtimes: those of the configuration first, then the usual ports of this machine.
import type { Clock } from '../../platform/clock';
import type { RuntimesConfig } from '../../platform/config/config';
import { LOCAL_RUNTIME_URLS, parseKeyFile, parseRuntimeUrl } from '../../platform/runtime-url';
import { HttpRuntime } from './http-runtime';

export interface HttpRuntimesOptions {
  readonly config: RuntimesConfig;
  readonly clock: Clock;
  /** Largest answer to a task as it goes to the scheduler, bytes. */
  readonly maxOutputBytes: number;
}

/** One runtime per address, whether or not something answers there. The configuration was checked when it was read. */
export function httpRuntimes({ config, clock, maxOutputBytes }: HttpRuntimesOptions): HttpRuntime[] {
  const urls = new Map([...config.urls, ...(config.lookForLocal ? LOCAL_RUNTIME_URLS : [])].flatMap((text) => urlEntry(text)));
  const keys = new Map(
    config.apiKeyFiles.flatMap((text) => {
      const parsed = parseKeyFile(text);
      return parsed.ok ? [[parsed.value.url.href, parsed.value.file] as const] : [];
    }),
  );
  return [...urls].map(([href, url]) => new HttpRuntime({ url, apiKeyFile: keys.get(href) ?? null, clock, maxOutputBytes }));
}

function urlEntry(text: string): [string, URL][] {
  const url = parseRuntimeUrl(text);
  return url.ok ? [[url.value.href, url.value]] : [];
}
