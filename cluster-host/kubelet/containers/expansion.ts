/** `$(NAME)` in commands, arguments and values (kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables). Pure. */

/** Replaces what is known; `$$` is a dollar sign; what is not known stays as it was written. */
export function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$(?:\$|\(([^)]*)\))/g, (whole, name: string | undefined) => (name === undefined ? '$' : (values.get(name) ?? whole)));
}

/** Names that `subPathExpr` uses but nobody defines. */
export function unknownNames(text: string, values: ReadonlyMap<string, string>): readonly string[] {
  return [...text.matchAll(/\$(?:\$|\(([^)]*)\))/g)].flatMap(([, name]) => (name === undefined || values.has(name) ? [] : [name]));
}
