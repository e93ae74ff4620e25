// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <vector>

class QHeaderView;

namespace weir {

/// How much room one column of a table wants, px.
struct ColumnRoom
{
    int least;
    int natural;
    int most;
    int rank = 0; ///< where room is short the highest rank is hidden first; 0 is never hidden
};

/// Widths of columns in `area` px, 0 for hidden ones: natural ones where they fit, else shrunk to their least
/// in proportion, then hidden by rank; surplus is shared up to their most, and stays at the end beyond that.
[[nodiscard]] std::vector<int> fitColumns(const std::vector<ColumnRoom>& columns, int area);

/// Keeps a header's columns in its own width by fitColumns(), so that no figure is cut off and the eye has no
/// wide void to cross. A column that a reader drags keeps that width. Owned by the header. gui thread.
class ColumnFit : public QObject
{
    Q_OBJECT
public:
    ColumnFit(QHeaderView* header, std::vector<ColumnRoom> columns);

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fit();
    void onResized(int column, int width);

    QHeaderView* m_header;
    std::vector<ColumnRoom> m_columns;
    bool m_fitting = false;
};

} // namespace weir
