import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { root } from "../house/source-files.js";
import { strictOptions } from "./typed-program.js";

/** What an editor shows of the name before each `/*1*\/`, by that number. */
function hovers(text: string): Readonly<Record<string, string>> {
  const app = join(root, "test/types/app.ts");
  const readFile = (path: string): string | undefined =>
    path === app ? text : ts.sys.fileExists(path) ? readFileSync(path, "utf8") : undefined;
  const service = ts.createLanguageService({
    getCompilationSettings: () => strictOptions,
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getScriptFileNames: () => [app],
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) => {
      const found = readFile(path);
      return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
    },
    fileExists: (path) => path === app || ts.sys.fileExists(path),
    readFile,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
  const faults = service.getSemanticDiagnostics(app).map(({ messageText }) => messageText);
  expect(faults).toEqual([]);
  const marks = [...text.matchAll(/\/\*(\w+)\*\//g)];
  return Object.fromEntries(
    marks.map(({ 1: mark = "", index }) => {
      const info = service.getQuickInfoAtPosition(app, index - 1);
      return [mark, ts.displayPartsToString(info?.documentation)];
    }),
  );
}

const comment = "The signed-in user; absent for guests.";

test("an editor shows a field's doc comment wherever the field is written", () => {
  const shown = hovers(`
    import type { Request } from "express";
    import { type SessionData, type SessionFilter, createSessions } from "../../generated/index.js";
    export async function app(req: Request, data: SessionData): Promise<unknown> {
      const sessions = createSessions();
      const session = sessions.create({ userId/*created*/: "a" });
      session.userId/*assigned*/ = "b";
      session.update({ userId/*updated*/: "c" });
      const { userId/*taken*/ } = session;
      req.session.userId/*onRequest*/ = userId;
      for await (const found of sessions.find({ userId: "d" })) void found.data.userId/*found*/;
      const filter: SessionFilter = { userId/*looked*/: "e" };
      await sessions.revoke({ userId: "f", ...filter });
      void session.toObject().userId/*copied*/;
      const line = session.cart[0];
      void line?.sku/*nested*/;
      return [data.userId/*data*/, session.language/*bare*/];
    }
  `);
  const { nested, bare, ...fields } = shown;
  expect(fields).toEqual(Object.fromEntries(Object.keys(fields).map((place) => [place, comment])));
  expect(Object.keys(fields)).toHaveLength(9);
  expect([nested, bare]).toEqual(["The product's number.", ""]);
});
