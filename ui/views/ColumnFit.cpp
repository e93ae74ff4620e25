// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/ColumnFit.h"

#include <QEvent>
#include <QHeaderView>
#include <QScopedValueRollback>

#include <algorithm>
#include <numeric>

namespace weir {
namespace {

/// Spreads `room` px over the columns in proportion to what each can take; returns what nobody took.
int share(std::vector<int>& widths, const std::vector<int>& capacity, int room)
{
    const int whole = std::accumulate(capacity.begin(), capacity.end(), 0);
    if (whole == 0)
        return room;
    const int given = std::min(room, whole);
    int before = 0; // running sums, so that rounding loses no pixel
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const int after = before + capacity[i];
        widths[i] += given * after / whole - given * before / whole;
        before = after;
    }
    return room - given;
}

} // namespace

std::vector<int> fitColumns(const std::vector<ColumnRoom>& columns, int area)
{
    std::vector<bool> shown(columns.size(), true);
    std::vector<int> widths(columns.size(), 0);
    const auto least = [&] {
        int sum = 0;
        for (std::size_t i = 0; i < columns.size(); ++i)
            sum += shown[i] ? columns[i].least : 0;
        return sum;
    };
    while (least() > area) {
        std::size_t last = columns.size();
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (shown[i] && columns[i].rank > 0 &&
                (last == columns.size() || columns[i].rank > columns[last].rank))
                last = i;
        }
        if (last == columns.size())
            break;
        shown[last] = false;
    }
    std::vector<int> toNatural(columns.size(), 0);
    std::vector<int> toMost(columns.size(), 0);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!shown[i])
            continue;
        widths[i] = columns[i].least;
        toNatural[i] = columns[i].natural - columns[i].least;
        toMost[i] = columns[i].most - columns[i].natural;
    }
    const int room = std::max(0, area - least());
    share(widths, toMost, share(widths, toNatural, room));
    return widths;
}

ColumnFit::ColumnFit(QHeaderView* header, std::vector<ColumnRoom> columns)
    : QObject(header), m_header(header), m_columns(std::move(columns))
{
    header->setStretchLastSection(false);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setTextElideMode(Qt::ElideRight);
    header->installEventFilter(this);
    connect(header, &QHeaderView::sectionResized, this,
            [this](int column, int, int width) { onResized(column, width); });
    fit();
}

bool ColumnFit::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::Show)
        fit();
    return QObject::eventFilter(watched, event);
}

void ColumnFit::onResized(int column, int width)
{
    if (m_fitting || width == 0)
        return;
    ColumnRoom& room = m_columns[static_cast<std::size_t>(column)];
    room = {std::min(room.least, width), width, width, room.rank};
    fit();
}

void ColumnFit::fit()
{
    const QScopedValueRollback guard(m_fitting, true);
    const std::vector<int> widths = fitColumns(m_columns, m_header->width());
    for (int i = 0; i < static_cast<int>(widths.size()); ++i) {
        const int width = widths[static_cast<std::size_t>(i)];
        m_header->setSectionHidden(i, width == 0);
        if (width > 0)
            m_header->resizeSection(i, width);
    }
}

} // namespace weir
