import * as module from "node:module";

/**
 * Lets every run of a schema file share the packages that it imports: tsx would load each of them anew with the file,
 * which takes most of the time of a run, and keeps them for ever. The person's own files are still run anew.
 * Call it before the first run; calling it again changes nothing.
 */
export function sharePackages(): void {
  if (isShared) return;
  isShared = true;
  if ("registerHooks" in module && typeof module.registerHooks === "function") {
    module.registerHooks({ resolve: resolveInThread });
  } else {
    // Older versions of Node run hooks in a thread of their own, which takes them as a module.
    module.register(`data:text/javascript,${encodeURIComponent(hooksInAnotherThread)}`);
  }
}

let isShared = false;

interface Resolved {
  readonly url: string;
  readonly format?: string | null;
}

/**
 * tsx knows its own modules by this parameter of their address, and leaves those of another name to Node. CommonJS is
 * passed on as it is: it is cached by its path, whatever is asked for.
 */
const mark = "tsx-namespace=packages";
const moduleInPackage = String.raw`^file:.*/node_modules/[^?]+\.m?js$`;

function resolveInThread(
  specifier: string,
  context: { readonly conditions?: readonly string[] },
  next: (specifier: string, context: object) => Resolved,
): Resolved {
  const found = next(specifier, context);
  const isShareable = context.conditions?.includes("import") === true && found.format !== "commonjs";
  if (!isShareable || !new RegExp(moduleInPackage).test(found.url)) return found;
  return { ...found, url: `${found.url}?${mark}` };
}

const hooksInAnotherThread = `
const inPackage = new RegExp(${JSON.stringify(moduleInPackage)});
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  if (found.format === "commonjs" || !inPackage.test(found.url)) return found;
  return { ...found, url: found.url + "?${mark}" };
}`;
