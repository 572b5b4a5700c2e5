// The whole story, as everybody lives it.

import { test } from "node:test";
import { story } from "./story.mjs";

test("from the text to the closed task, with two care managers", (t) => story(t, "lakeside"));
