// Bundles static/js/writing/ with its libraries into one file, and their licences into another. `make editor` runs it in a
// folder outside static/, where the libraries of package-lock.json are.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const root = resolve("../..");
const source = join(root, "static/js/writing");
const target = join(root, "static/vendor/editor");

// What the bundle was made of, for the test that it is not older than its sources.
const digest = createHash("sha256");
[...readdirSync(source).sort().map((name) => join(source, name)), resolve("package-lock.json")].forEach((path) => digest.update(readFileSync(path)));

const made = await build({
  entryPoints: [join(source, "main.js")],
  outfile: join(target, "editor.min.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "none", // they stand in editor.LICENSES.txt
  nodePaths: [resolve("node_modules")],
  banner: { js: `/* Sources: sha256 ${digest.digest("hex")}. Licences: editor.LICENSES.txt. */` },
  metafile: true,
});

const folders = new Set(Object.keys(made.metafile.inputs).map((path) => (/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) || [])[1]).filter(Boolean));
const licences = [...folders].sort().map((name) => {
  const folder = join("node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});
writeFileSync(join(target, "editor.LICENSES.txt"), licences.join("\n" + "-".repeat(80) + "\n\n"));
