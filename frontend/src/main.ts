// What every page loads: htmx with morphing swaps, the shell's behaviour, and the loader that
// fetches an island's script when its element is first seen.

import "./shell/htmx";
import "idiomorph/dist/idiomorph-ext.esm.js";
import { watchIslands } from "./islands/loader";
import { guardForms } from "./shell/leave-guard";
import { followLists } from "./shell/lists";
import { openMenus } from "./shell/menus";
import { openPalette } from "./shell/palette";
import { rememberSidebar } from "./shell/sidebar";
import { switchTheme } from "./shell/theme";
import { keepTimesFresh } from "./shell/times";
import { showToasts } from "./shell/toasts";

guardForms();
followLists();
openMenus();
openPalette();
rememberSidebar();
switchTheme();
keepTimesFresh();
showToasts();
watchIslands();
