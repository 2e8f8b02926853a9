/** The Kubernetes release whose API is served: what `/version`, `kubectl version` and each node say. */
export const kubernetesVersion = { major: '1', minor: '36', gitVersion: 'v1.36.0' } as const;
