// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/MessageTrace.h"

#include <QString>

namespace weir {

/// What each server did with a traced message, as HTML for the details; names escaped.
[[nodiscard]] QString traceHtml(const MessageWay& way);

} // namespace weir
