// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/TopologyOptions.h"
#include "core/topology/LooksOfRange.h"
#include "core/topology/ServerGraph.h"
#include "core/topology/SubjectsOfHistory.h"
#include "core/topology/TopologySheet.h"
#include "core/topology/WorldGraph.h"

namespace weir::cli {

// Print one picture of the topology on stdout: lines for people, a graph for machines, or the picture itself.
[[nodiscard]] Result<void> printFlow(FlowGraph graph, PictureFormat format);
void printWorld(WorldGraph world, PictureFormat format);
void printServers(ServerGraph servers, PictureFormat format);
/// `looks`: who subscribes; null: not known.
void printSubjects(const SubjectsOfHistory& subjects, const std::string& filter, const RangeLooks* looks,
                   PictureFormat format);

/// What asks for a look, and what the graph rests on, a line each.
void printRemarks(const FlowGraph& graph);
/// `pop FRA`, fit for a terminal.
[[nodiscard]] std::string inWords(const FlowNode& node);
/// In every format but text.
void printSheet(const TopologySheet& sheet, PictureFormat format);

/// `a, b, c`: what is said of one thing.
class Clauses
{
public:
    /// Nothing, where there is no text.
    void add(const std::string& text)
    {
        if (!text.empty())
            m_text += (m_text.empty() ? "" : ", ") + text;
    }
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    std::string m_text;
};

} // namespace weir::cli
