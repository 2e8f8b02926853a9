/** The port through which webhooks are called; its only implementation with sockets is in `sockets/`. */

export interface WebhookEndpoint {
  /** `https://hook.default.svc:443/path`: what is asked for, and what messages show. */
  readonly url: string;
  /** Where a service of the cluster was found to answer; left out where the URL says it. */
  readonly place?: ServicePlace;
  /** PEM; left out: the authorities that the system trusts. */
  readonly authorities?: string;
  /** Whatever certificate it has will do. */
  readonly insecure?: true;
}

export interface ServicePlace {
  readonly host: string;
  readonly port: number;
  /** The node that can reach it; empty where any can. */
  readonly node: string;
}

export interface WebhookCaller {
  /** Posts a document as JSON and resolves with the answer's. Rejects with an `Error` whose message says why, as Kubernetes words it. */
  post(endpoint: WebhookEndpoint, document: object, timeoutSeconds: number): Promise<unknown>;
}

/** How a server is asked that extends the API. */
export interface ExtensionRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** PEM: who asks. */
  readonly identity?: { readonly certificate: string; readonly key: string };
}

export interface HttpsCaller extends WebhookCaller {
  /** Reads a document in JSON. Rejects with an `Error` whose message says why. */
  get(endpoint: WebhookEndpoint, timeoutSeconds: number, request: ExtensionRequest): Promise<unknown>;
}
