// The answer of a model as Markdown (ADR 0028). It is text of a stranger: no HTML, no pictures from outside, and links are marked and open
// elsewhere. react-markdown renders HTML as text and drops addresses such as `javascript:`.
import { ActionIcon } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Component, isValidElement, memo, type ReactNode, useRef } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { useLabels } from '../../i18n/use-labels';
import { useScreen } from '../../store/Screen';
import { Icon } from '../../components/Icon';
import { mayBeMarkdown } from './markdown-limits';
import classes from './Markdown.module.css';

const PLUGINS = [remarkGfm];

const COMPONENTS: Components = {
  a: ({ href, children }) => <OutsideLink href={href ?? ''}>{children}</OutsideLink>,
  img: ({ src, alt }) => <LeftOutPicture address={typeof src === 'string' ? src : ''} alt={alt ?? ''} />,
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
  table: ({ children }) => (
    <div className={classes['table']}>
      <table>{children}</table>
    </div>
  ),
};

/** Parsed again only when the text changes. */
export const Markdown = memo(function Markdown({ text }: { readonly text: string }) {
  return (
    <div className={classes['markdown']}>
      {mayBeMarkdown(text) ? (
        <PlainOnError text={text}>
          <ReactMarkdown remarkPlugins={PLUGINS} components={COMPONENTS} skipHtml={false}>
            {text}
          </ReactMarkdown>
        </PlainOnError>
      ) : (
        <Plain text={text} />
      )}
    </div>
  );
});

const Plain = ({ text }: { readonly text: string }) => <p className={classes['plain']}>{text}</p>;

interface PlainOnErrorProps {
  readonly text: string;
  readonly children: ReactNode;
}

/** A text that the parser cannot take costs the chat nothing else. React supports error boundaries as classes only. */
export class PlainOnError extends Component<PlainOnErrorProps, { readonly hasFailed: boolean }> {
  override state: { readonly hasFailed: boolean } = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    const { text, children } = this.props;
    return this.state.hasFailed ? <Plain text={text} /> : children;
  }
}

/** The desktop app opens no addresses of strangers: it shows the address to copy. */
function OutsideLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  const { t } = useLabels();
  const { endpoint } = useScreen();
  const isAddress = /^https?:\/\//i.test(href);
  if (!isAddress) return <span>{children}</span>;
  if (endpoint.url === null)
    return (
      <span>
        {children} <code className={classes['address']}>{href}</code>
      </span>
    );
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
      {children}
      <span className={classes['outside']}>
        <Icon name="outside" />
        <span className="visually-hidden">{t('try_it.external')}</span>
      </span>
    </a>
  );
}

function LeftOutPicture({ address, alt }: { readonly address: string; readonly alt: string }) {
  const { t } = useLabels();
  return (
    <span className={classes['picture']}>
      {alt} ({t('try_it.picture_left_out', { address: address.slice(0, 200) })})
    </span>
  );
}

function CodeBlock({ children }: { readonly children: ReactNode }) {
  const { t } = useLabels();
  const block = useRef<HTMLPreElement>(null);
  const { copied, copy } = useClipboard({ timeout: 2000 });
  const label = t(copied ? 'action.copied' : 'try_it.code_copy');
  return (
    <div className={classes['code']}>
      {/* On a phone, beside the button above the code. */}
      <span className={classes['language']}>{languageOf(children) ?? t('try_it.code')}</span>
      {/* A scrolling block must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above */}
      <pre ref={block} tabIndex={0}>
        {children}
      </pre>
      <ActionIcon
        className={classes['copy']}
        size="md"
        variant="default"
        aria-label={label}
        title={label}
        onClick={() => copy(block.current?.textContent ?? '')}
      >
        <Icon name="copy" />
      </ActionIcon>
    </div>
  );
}

/** The name after the fence of the code. Null: none. */
function languageOf(code: ReactNode): string | null {
  const name = isValidElement<{ readonly className?: string }>(code) ? code.props.className : undefined;
  return /(?:^|\s)language-(\S{1,24})/.exec(name ?? '')?.[1] ?? null;
}
