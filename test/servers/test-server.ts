/** A server of one test file: private, on a free port of this machine, in a temporary folder, ended by its process id. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** Another one after `restart()`. */
  readonly pid: number;
  /** Stops it and its children where they stand (SIGSTOP): connections stay open, nothing is answered. */
  pause(): void;
  /** Lets them go on (SIGCONT). */
  resume(): void;
  /** Ends it and its children at once (SIGKILL); resolves when they are gone. What it has on disk stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port and the same folder, ending it by `kill()` when it still runs; resolves when it answers. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}
