// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/Message.h"
#include "core/filter/FilterTree.h"

#include <string>
#include <string_view>

namespace weir {

struct Names;
struct Identity;

/// Whether one message satisfies one term (a FilterNode of kind Term). Any thread.
[[nodiscard]] bool termMatches(const FilterNode& term, const Message& message, const Names& names);

/// The same for terms on the sender (Identity, Account, Evidence), whose identity was looked up already.
[[nodiscard]] bool senderTermMatches(const FilterNode& term, const Message& message,
                                     const Identity& identity);

/// The JetStream stream that a message came out of: the one that was recorded, else the third token of its
/// acknowledgement subject (`$JS.ACK.<stream>.…`, or the fifth of the longer form with domain and account),
/// else header Nats-Stream. Empty where nothing says. (NATS docs, "JetStream wire API", acknowledgements.)
[[nodiscard]] std::string_view streamOf(const Message& message, const Names& names);

/// The account in an identity's claims: `acc` of Nats-Request-Info, else `nats.issuer_account` or a user
/// JWT's issuer. Empty where there is none.
[[nodiscard]] std::string accountOf(const Identity& identity);

} // namespace weir
