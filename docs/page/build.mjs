// Puts Redoc's script and the contract into one page. `node build.mjs BUNDLES CONTRACT PAGE`; SHA256: what the script must be.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const [bundles, contract, page] = process.argv.slice(2);
const script = readFileSync(`${bundles}/redoc.standalone.js`, "utf8");
const license = readFileSync(`${bundles}/redoc.standalone.js.LICENSE.txt`, "utf8");
const sum = createHash("sha256").update(script).digest("hex");
if (sum !== process.env.SHA256) throw new Error(`Redoc's script is not the one that was looked at: ${sum}`);

const api = JSON.parse(readFileSync(contract, "utf8"));
/** Text that ends no script element. */
const inline = (text) => text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
const font = { fontFamily: "system-ui, sans-serif" };
const options = { hideDownloadButtons: true, theme: { typography: { ...font, headings: font } } };
/** The one thing that it would load. */
const offline = script.replaceAll("https://cdn.redoc.ly/redoc/logo-mini.svg", "data:,");

writeFileSync(page, `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; worker-src blob:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${api.info.title} API ${api.info.version}</title>
<link rel="icon" href="data:,">
<style>body { margin: 0 }</style>
</head>
<body>
<div id="api"></div>
<script>/*
${license.replaceAll("*/", "* /")}*/
${inline(offline)}</script>
<script>Redoc.init(${inline(JSON.stringify(api))}, ${JSON.stringify(options)}, document.getElementById("api"));</script>
</body>
</html>
`);
