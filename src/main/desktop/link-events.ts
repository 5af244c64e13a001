// The system sends join links to the app: in the arguments of a second start, and on macOS as an event, also before the app is ready.
import { app } from 'electron';
import { LINK_SCHEME } from './core/outside-link';
import type { OutsideLinks } from './outside-links';

/** Call this before the app is ready. `show` brings the window to the front. */
export function followLinks(links: OutsideLinks, show: () => void): void {
  // The packages register the scheme, too. This repairs it for the user after another program took it. An unpacked app leaves it alone.
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  app.on('second-instance', (_event, argv) => {
    show();
    links.addArguments(argv);
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    show();
    links.add(url);
  });
}
