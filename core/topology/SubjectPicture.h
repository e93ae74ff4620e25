// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"
#include "core/topology/SubjectAudience.h"
#include "core/topology/SubjectTree.h"

#include <string>
#include <vector>

namespace weir {

/// A tree of subjects as it was at one moment, to be saved or printed: its busiest part, each node below its
/// parent. Immutable once made.
struct SubjectPicture
{
    struct Row
    {
        SubjectNode node;
        std::size_t depth = 0;
        double rate = 0; ///< messages a second: of the last seconds, or the mean of a range of the past
    };
    std::vector<Row> rows; ///< as they are read, from the top
    /// The same: a node a row (`subject:PATH`), an edge from each to what lies below it.
    FlowGraph graph;
    bool means = false; ///< rates are means of the range
};

/// What the picture is of, besides the tree.
struct SubjectPictureOf
{
    Timestamp from = kNoTime;
    Timestamp to = kNoTime;
    std::string filter;                        ///< as written
    bool live = false;                         ///< rates are of the last seconds
    SubjectSort sort = SubjectSort::Rate;      ///< of the children of a node
    const SubjectAudience* audience = nullptr; ///< who subscribes; null: not known
    std::vector<std::string> coverage;         ///< what the tree lacks
    std::size_t most = 2000;                   ///< rows
};

[[nodiscard]] SubjectPicture subjectPicture(const SubjectTree& tree, SubjectPictureOf of);

/// Of the row's node in the graph.
[[nodiscard]] std::string subjectRowId(const SubjectNode& node);
/// "orders", "* (about 4,000 tokens)", "Inboxes (_INBOX.…)".
[[nodiscard]] std::string subjectRowName(const SubjectNode& node);
/// As SVG 1.1: the rows with their figures and, where the tree has them, the last minute of each.
[[nodiscard]] std::string subjectsSvg(const SubjectPicture& picture);

} // namespace weir
