// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/RawMessage.h"

#include <nats/nats.h>

#include <string>

namespace weir {

/// Whether the loaded nats.c lays received messages out as this code knows it; decided once.
[[nodiscard]] bool knowsMessageLayout();

/// Views into a message that nats.c received and whose headers nobody has touched. `rebuilt` holds the header
/// block when it had to be rebuilt through nats.c's own interface; the views live as long as both. No
/// allocation on a known layout.
///
/// nats.c hands out parsed headers only, in hash order; its parser (3.4) swallows the line after an empty
/// value and its table takes some names for others (X-10 for X-1024): what was sent would be lost. The bytes
/// themselves lie in the message: natsMsg_create (src/msg.c, read in v3.4.0 to v3.13.0) makes one block of
/// `struct | subject NUL | [reply NUL] | [headers NUL] | data`, so the headers are what lies between the end
/// of the reply (or subject) and the NUL before the data.
[[nodiscard]] RawMessage readNatsMessage(natsMsg* message, std::string& rebuilt);

/// The header block made anew from nats.c's parsed headers: for a layout that is not known.
[[nodiscard]] std::string rebuildHeaders(natsMsg* message);

} // namespace weir
