// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/ServerGraph.h"
#include "ui/views/topology/FlowDetails.h"

#include <QString>

namespace weir {

// What ServersView says in words. gui thread.

/// Of what is there no more.
[[nodiscard]] QString goneText(Timestamp lastSeen);
/// Of tool tips: HTML, every name escaped.
[[nodiscard]] QString serverTip(const ServerGraph& graph, std::uint32_t node);
[[nodiscard]] QString linkTip(const ServerGraph& graph, std::uint32_t edge);
/// One sentence, for people who hear the picture.
[[nodiscard]] QString serverSentence(const ServerGraph& graph, std::uint32_t node);
[[nodiscard]] QString linkSentence(const ServerGraph& graph, std::uint32_t edge);
/// Of the details: what is known of a server's traffic.
[[nodiscard]] FlowFigures serverFigures(const ServerGraph& graph, std::uint32_t node);

} // namespace weir
