/** What a step of the walk is, and what it walks through. */
import type { Page } from 'playwright-core';
import type { Editor } from '../support/code-server.ts';
import type { EngineProxy } from '../support/engine-proxy.ts';

export interface Walk {
  readonly page: Page;
  /** The address of the window. */
  readonly url: string;
  readonly editor: Editor;
  /** What the editor takes for the Docker Engine; nobody answers there at first. */
  readonly engine: EngineProxy;
  /** Addresses on other hosts that the page asked for. */
  readonly foreign: string[];
}

export interface Step {
  readonly title: string;
  run(walk: Walk): Promise<void>;
}
