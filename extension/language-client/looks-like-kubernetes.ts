/** Whether a YAML text may hold Kubernetes objects: cheap enough to ask of every YAML file, so that others wake nothing. */
export function looksLikeKubernetes(text: string): boolean {
  return /^[ \t]*["']?apiVersion["']?[ \t]*:/m.test(text) && /^[ \t]*["']?kind["']?[ \t]*:/m.test(text);
}
