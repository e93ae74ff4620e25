// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/BrokerOptions.h"
#include "app/cli/TimeRange.h"
#include "core/topology/FlowDiff.h"

#include <string>
#include <vector>

namespace weir::cli {

enum class Picture { Flow, Subjects, World, Servers };
enum class PictureFormat { Text, Json, Dot, Svg, Graphviz, Cytoscape };

/// What `weir topology` was asked.
struct TopologyOptions
{
    std::string history;
    TimeRange range;
    BrokerOptions broker;
    std::vector<std::string> subjects;
    std::string duration = "10s";
    std::vector<std::string> filter;
    std::string against; ///< when the range to compare with begins; empty: none
    double factor = kChangedBy;
    std::string trace; ///< a subject
    Picture picture = Picture::Flow;
    PictureFormat format = PictureFormat::Text;
};

} // namespace weir::cli
