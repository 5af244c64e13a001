// What a browser on another computer gets when it opens the dashboard without TLS: a page with the encrypted address, and how to check the
// certificate. It has no fingerprint: an attacker who changes pages on the network could change the fingerprint, too.
import type { IncomingMessage } from 'node:http';
import { type Language, preferredLanguage } from '../../../shared/language';
import { browserPage, escaped } from './browser-page';

interface Texts {
  readonly title: string;
  readonly text: string;
  readonly warning: string;
  /** HTML. */
  readonly checks: readonly string[];
  /** HTML. */
  readonly signIn: string;
}

const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    title: 'This pool accepts encrypted connections only',
    text: 'Open the dashboard at this address:',
    warning: 'The browser warns at the first visit, because the pool has its own certificate authority (CA). Check the certificate first:',
    checks: [
      'On the host, <code>muster dashboard</code> prints a SHA-256 fingerprint. In the browser, the details of the certificate “Muster pool …” must show the same one.',
      'Or get the file <code>ca.pem</code> from the data folder of the host, and install it as a CA on this computer. The browser then does not warn.',
    ],
    signIn: '<code>muster dashboard</code> also prints a link that signs in. Without access to the host, ask its owner for one.',
  },
  zh: {
    title: '此算力池只接受加密连接',
    text: '请用以下地址打开管理页面：',
    warning: '此算力池使用自己的证书颁发机构（CA），因此首次访问时浏览器会发出警告。请先核对证书：',
    checks: [
      '在托管电脑上运行 <code>muster dashboard</code>，会输出 SHA-256 指纹。浏览器中证书“Muster pool …”的指纹应与其相同。',
      '或者从托管电脑的数据文件夹获取 <code>ca.pem</code> 文件，在本机安装为受信任的 CA，浏览器便不再警告。',
    ],
    signIn: '<code>muster dashboard</code> 还会输出用于登录的链接。如果无法使用托管电脑，请向其所有者索取。',
  },
};

/** `hasPoolCa`: the certificate is of the CA of the pool, which no browser knows. */
export function tlsPage({ headers }: Pick<IncomingMessage, 'headers'>, hasPoolCa: boolean): string {
  const language = preferredLanguage(headers['accept-language']);
  const { title, text, warning, checks, signIn } = TEXTS[language];
  const url = `https://${headers.host ?? ''}/`;
  const address = escaped(url);
  return browserPage({
    language,
    title,
    blocks: [
      `<p>${text}<br>`,
      URL.canParse(url) ? `<a class="address" href="${address}">${address}</a></p>` : '<b>https://</b></p>',
      ...(hasPoolCa ? [`<p>${warning}</p>`, `<ul>${checks.map((check) => `<li>${check}</li>`).join('')}</ul>`] : []),
      `<p>${signIn}</p>`,
    ],
  });
}
