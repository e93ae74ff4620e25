// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/SubjectsModel.h"

namespace weir {

/// A node that SubjectsModel holds. Part of that model alone.
struct SubjectsModel::Item
{
    SubjectNode node;
    Item* parent = nullptr;
    int row = 0;
    bool asked = false; ///< its children are wanted
    std::vector<std::unique_ptr<Item>> children;
    double meanSize = 0; ///< bytes, of the messages that came between the last two looks

    void renumber()
    {
        for (std::size_t i = 0; i < children.size(); ++i)
            children[i]->row = static_cast<int>(i);
    }
    void update(const SubjectNode& next);
};

} // namespace weir
