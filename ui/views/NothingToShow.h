// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <QString>

namespace weir {

class EmptyState;
struct Error;
class Page;
class ViewState;

// What every page says when it has nothing to show, with the button that does the next thing. gui thread.

/// No history is chosen: offers to connect.
void showNoHistory(EmptyState& empty, Page& page);
/// The history cannot be read: offers to open another one.
void showUnreadable(EmptyState& empty, Page& page, const Error& error);
/// History, range and filter give no message. `live` is what a live range with a short span says.
void showNoMessage(EmptyState& empty, ViewState& state, const QString& live);
/// There is no message because what came before `before` has expired.
void showExpired(EmptyState& empty, ViewState& state, Timestamp before);

} // namespace weir
