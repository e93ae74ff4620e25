// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/SubjectNodes.h"

#include <string_view>

namespace weir {

/// Finds the place of a subject in the tree, making nodes on the way and merging children where they become
/// too many. Counts must be added up (nothing pending) before place() is called. No thread safety.
class SubjectGrowth
{
public:
    using Index = SubjectNodes::Index;

    SubjectGrowth(SubjectNodes& nodes, SubjectSparklines& sparklines, const SubjectTree::Options& options)
        : m_nodes(nodes), m_sparklines(sparklines), m_options(options)
    {
    }

    /// The node at which messages of `subject` are counted.
    [[nodiscard]] Index place(std::string_view subject);
    /// The node with this path, made where it is not there; it is never merged away.
    [[nodiscard]] Index keep(std::string_view path);
    /// All tokens of `node` stand in one from now on.
    void fold(Index node);
    /// The node with this path; 0: there is none.
    [[nodiscard]] Index find(std::string_view path) const;

private:
    /// Begins at the group that `subject` belongs to; takes its name off.
    [[nodiscard]] static Index begin(std::string_view& subject, bool& more);
    /// From token to token by `step`, until it answers 0.
    template<typename Step>
    [[nodiscard]] Index walk(std::string_view subject, const Step& step) const;
    [[nodiscard]] Index childFor(Index parent, std::string_view token);
    [[nodiscard]] std::uint32_t limitOf(Index node) const;
    /// Merges the children of `node` that carry less than a twentieth of it into one.
    void collapse(Index node);
    [[nodiscard]] Index makeStar(Index node);
    /// The child of a collapsed `parent` that stands for `token` too.
    [[nodiscard]] Index counted(Index parent, std::string_view token);
    /// Adds `from` and all below it to `into`; `from` ends.
    void merge(Index from, Index into);
    void adopt(Index child, Index parent);

    SubjectNodes& m_nodes;
    SubjectSparklines& m_sparklines;
    const SubjectTree::Options& m_options;
};

} // namespace weir
