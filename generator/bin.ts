#!/usr/bin/env node
import { main } from "./cli.js";

const mayColor = !process.env["NO_COLOR"] && !process.env["CI"];

let isDone = false;
// A file that the schema imports may end the process, or wait for what never comes: in silence that would pass for success.
process.once("exit", () => {
  if (isDone) return;
  process.exitCode = 2;
  process.stderr.write(
    "session-gen: Ended halfway: a file that the schema imports calls process.exit(), or awaits what never comes. Import nothing there that starts the app.\n",
  );
});

process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  print: (text) => void process.stdout.write(text),
  log: (text) => void process.stderr.write(text),
  color: mayColor && process.stderr.isTTY === true,
  colorsOutput: mayColor && process.stdout.isTTY === true,
});
isDone = true;

// A schema that keeps a timer or a connection open would keep the command from ending.
setInterval(() => {
  if (process.stdout.writableLength === 0) process.exit();
}, 2000).unref();
