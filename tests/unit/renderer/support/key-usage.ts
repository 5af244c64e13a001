// Which keys of the catalogue the renderer uses, read from its syntax. A key is written whole, built by a template such as
// `hero.${status}.title`, or looked up by a code in a group: `code('trace', outcome)`.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export interface Names {
  /** String literals and names of properties. */
  readonly literals: Set<string>;
  /** Templates with a fixed beginning; each hole takes one part of a key. */
  readonly templates: RegExp[];
  /** Groups that codes are looked up in. */
  readonly groups: Set<string>;
}

const noNames = (): Names => ({ literals: new Set(), templates: [], groups: new Set() });
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Adds the names in a source text. */
export function collectNames(source: string, names: Names = noNames()): Names {
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) names.literals.add(node.text);
    if ((ts.isPropertyAssignment(node) || ts.isPropertySignature(node)) && ts.isIdentifier(node.name)) names.literals.add(node.name.text);
    if (ts.isTemplateExpression(node) && node.head.text !== '') names.templates.push(patternOf(node));
    if (ts.isCallExpression(node) && /\b(?:code|isCode)$/.test(node.expression.getText())) {
      const [group] = node.arguments;
      if (group !== undefined && ts.isStringLiteral(group)) names.groups.add(group.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return names;
}

function patternOf({ head, templateSpans }: ts.TemplateExpression): RegExp {
  return new RegExp(`^${escaped(head.text)}${templateSpans.map(({ literal }) => `([^.]+)${escaped(literal.text)}`).join('')}$`);
}

/** The names in every TypeScript file below the folder, except the texts themselves. */
export function namesBelow(folder: string): Names {
  const names = noNames();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file) || /i18n[\\/](?:en|zh-cn)[\\/]/.test(file)) continue;
    collectNames(readFileSync(path.join(folder, file), 'utf8'), names);
  }
  return names;
}

const PLURAL = /_(?:zero|one|two|few|many|other)$/;

/**
 * The keys that the renderer does not use. A template such as `jobs.${column}` does not use every key that begins with `jobs.`: it uses
 * only keys whose variable part is a code that some source names.
 */
export function unusedKeys(keys: readonly string[], renderer: Names, others: readonly Names[]): string[] {
  const sources = [renderer, ...others];
  const isNamed = (part: string): boolean =>
    sources.some(({ literals, templates }) => literals.has(part) || templates.some((template) => template.test(part)));
  const isUsed = (key: string): boolean => {
    if (renderer.literals.has(key)) return true;
    const [group = '', ...rest] = key.split('.');
    if (renderer.groups.has(group) && isNamed(rest.join('.'))) return true;
    return renderer.templates.some((template) => template.exec(key)?.slice(1).every(isNamed));
  };
  const isPlural = (key: string): boolean =>
    PLURAL.test(key) && ['_one', '_other'].every((form) => keys.includes(key.replace(PLURAL, form)));
  return keys.filter((key) => !isUsed(isPlural(key) ? key.replace(PLURAL, '') : key));
}
