// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/SubjectsModel.h"

#include <deque>

namespace weir {

/// A node that SubjectsModel holds. Part of that model alone.
struct SubjectsModel::Item
{
    SubjectNode node;
    Item* parent = nullptr;
    int row = 0;
    bool asked = false; ///< its children are wanted
    std::vector<std::unique_ptr<Item>> children;
    std::deque<std::pair<Timestamp, std::uint64_t>> seenBytes; ///< of the last seconds, for bytes a second
    Timestamp updated = kNoTime;

    void renumber()
    {
        for (std::size_t i = 0; i < children.size(); ++i)
            children[i]->row = static_cast<int>(i);
    }
    void update(const SubjectNode& next);
    /// Over the last five seconds; 0 until two moments are known.
    [[nodiscard]] double bytesPerSecond() const;
};

} // namespace weir
