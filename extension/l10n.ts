/**
 * Texts that a user sees, in the user's language. Pure code asks here instead of `vscode`; `main.ts` puts VS Code's own
 * translator in, and without it (in unit tests) texts stay English.
 */

type Translate = (message: string, ...values: readonly (string | number)[]) => string;

let translate: Translate = (message, ...values) => message.replaceAll(/\{(\d+)\}/g, (_match, index: string) => String(values[Number(index)] ?? ''));

/** `{0}`, `{1}`, … stand for the values. */
export function t(message: string, ...values: readonly (string | number)[]): string {
  return translate(message, ...values);
}

export function useTranslator(translator: Translate): void {
  translate = translator;
}
