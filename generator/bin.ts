#!/usr/bin/env node
import { main } from "./cli.js";

const mayColor = !process.env["NO_COLOR"] && !process.env["CI"];

process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  print: (text) => void process.stdout.write(text),
  log: (text) => void process.stderr.write(text),
  color: mayColor && process.stderr.isTTY === true,
  colorsOutput: mayColor && process.stdout.isTTY === true,
});

// A schema that keeps a timer or a connection open would keep the command from ending.
setInterval(() => {
  if (process.stdout.writableLength === 0) process.exit();
}, 2000).unref();
