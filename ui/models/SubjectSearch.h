// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/SubjectRegex.h"
#include "core/topology/SubjectTree.h"

#include <QString>

#include <cstddef>
#include <vector>

namespace weir {

/// What a reader types to find subjects: a regular expression between slashes (`/^orders\.(eu|us)/`), NATS
/// wildcards when it has tokens (`orders.*.paid`, `orders.>`), stars inside tokens (`*paid*`), else any part
/// of a subject. Case does not matter.
[[nodiscard]] Result<SubjectMatch> subjectMatch(const QString& text);

struct SubjectHits
{
    SubjectPage page;
    bool partial = false; ///< the tree was too large to be walked to its end
};

/// Nodes whose path matches and where messages end, the busiest first, at most `limit`. Any thread;
/// walks the tree page by page.
[[nodiscard]] SubjectHits searchSubjects(const SubjectTree& tree, const SubjectMatch& match, SubjectSort sort,
                                         std::size_t limit);

/// Before in the order of `sort`: names ascending, everything else descending.
[[nodiscard]] bool subjectBefore(const SubjectNode& a, const SubjectNode& b, SubjectSort sort);

} // namespace weir
