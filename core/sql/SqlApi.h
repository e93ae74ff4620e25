// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// SQLite's API for the tables: of the library that weir links, or, within the extension, of the program that
// loaded it (sqlite.org/loadext.html).
#ifdef WEIR_SQLITE_EXTENSION
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3
#else
#include <sqlite3.h>
#endif
