// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/Theme.h"
#include "ui/views/ColumnFit.h"

#include <QHeaderView>
#include <QTableView>

#include <utility>
#include <vector>

namespace weir {

/// Makes a table of whole rows, one of which is chosen: no grid, rows as high as everywhere, columns that fit
/// its width by `rooms`, headers that can be clicked. It has its model. gui thread.
inline void makeFlat(QTableView& table, std::vector<ColumnRoom> rooms)
{
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::SingleSelection);
    table.setShowGrid(false);
    table.setTabKeyNavigation(false);
    table.verticalHeader()->hide();
    table.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table.verticalHeader()->setDefaultSectionSize(Theme::rowHeight());
    table.horizontalHeader()->setHighlightSections(false);
    new ColumnFit(table.horizontalHeader(), std::move(rooms));
    table.horizontalHeader()->setSectionsClickable(true);
    table.setContextMenuPolicy(Qt::CustomContextMenu);
}

} // namespace weir
