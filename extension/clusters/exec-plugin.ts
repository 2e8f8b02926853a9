/** Credentials from a program that a kubeconfig names (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins). */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import type { ExecPlugin, KubeconfigCluster } from './kubeconfig.ts';

export interface ExecCredential {
  readonly token?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** Milliseconds since the epoch. */
  readonly expiration?: number;
}

const timeLimit = 60_000;

/** Runs the plugin without a terminal; rejects with its own words and the install hint when it fails. */
export function execCredential(plugin: ExecPlugin, cluster: KubeconfigCluster): Promise<ExecCredential> {
  const info = {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin.provideClusterInfo ? { cluster: clusterInfo(cluster) } : {}) },
  };
  const env = { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  const command = plugin.command.includes('/') ? resolve(plugin.folder, plugin.command) : plugin.command;
  return new Promise((done, fail) => {
    execFile(command, [...plugin.args], { env, timeout: timeLimit, windowsHide: true, maxBuffer: 1 << 20 }, (error, output, complaint) => {
      if (error !== null) {
        const reason = complaint.trim() === '' ? error.message : complaint.trim();
        fail(new Error(`${plugin.command}: ${reason}${plugin.installHint === undefined ? '' : `\n${plugin.installHint}`}`));
        return;
      }
      try {
        done(parseCredential(output));
      } catch {
        fail(new Error(`${plugin.command}: the answer is no ExecCredential`));
      }
    });
  });
}

export function parseCredential(output: string): ExecCredential {
  const { kind, status } = JSON.parse(output) as { kind?: string; status?: Record<string, string | undefined> };
  if (kind !== 'ExecCredential' || status === undefined) throw new Error('no ExecCredential');
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = status;
  return {
    ...(token === undefined ? {} : { token }),
    ...(clientCertificateData === undefined ? {} : { certificate: clientCertificateData }),
    ...(clientKeyData === undefined ? {} : { key: clientKeyData }),
    ...(expirationTimestamp === undefined ? {} : { expiration: Date.parse(expirationTimestamp) }),
  };
}

function clusterInfo(cluster: KubeconfigCluster): Record<string, unknown> {
  const ca = cluster.certificateAuthority;
  return {
    server: cluster.server,
    'insecure-skip-tls-verify': cluster.insecureSkipTlsVerify,
    ...(cluster.tlsServerName === undefined ? {} : { 'tls-server-name': cluster.tlsServerName }),
    ...(ca !== undefined && 'data' in ca ? { 'certificate-authority-data': Buffer.from(ca.data).toString('base64') } : {}),
  };
}
